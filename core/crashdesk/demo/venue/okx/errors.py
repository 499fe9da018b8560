"""OKX's error codes, as it words them."""

from enum import Enum

import msgspec

from crashdesk.demo.venue.faults import FaultKind
from crashdesk.demo.venue.ledger import Refusal


class OkxErrorKind(Enum):
    """(code, HTTP status, text); `{}` in a text takes a detail. Most refusals come with status 200."""

    BODY_EMPTY = ("50000", 400, "Body can not be empty.")
    MAINTENANCE = ("50001", 503, "Service temporarily unavailable. Please try again later.")
    JSON_SYNTAX = ("50002", 400, "JSON syntax error.")
    STATUS_UNKNOWN = ("50004", 400, "API endpoint request timeout. The outcome of the request is not known.")
    RATE_LIMIT = ("50011", 429, "Too Many Requests")
    BUSY = ("50013", 429, "Systems are busy. Please try again later.")
    EMPTY_PARAMETER = ("50014", 400, "Parameter {} can not be empty.")
    EITHER_PARAMETER = ("50015", 400, "Either parameter {} is required.")
    EXPIRED = ("50102", 401, "Timestamp request expired.")
    NO_KEY = ("50103", 401, "Request header OK-ACCESS-KEY can not be empty.")
    NO_PASSPHRASE = ("50104", 401, "Request header OK-ACCESS-PASSPHRASE can not be empty.")
    BAD_PASSPHRASE = ("50105", 401, "Request header OK-ACCESS-PASSPHRASE incorrect.")
    NO_SIGN = ("50106", 401, "Request header OK-ACCESS-SIGN can not be empty.")
    NO_TIMESTAMP = ("50107", 401, "Request header OK-ACCESS-TIMESTAMP can not be empty.")
    OTHER_ADDRESS = ("50110", 401, "Your IP 192.0.2.7 is not included in your API key's IP whitelist.")
    BAD_KEY = ("50111", 401, "Invalid OK-ACCESS-KEY.")
    BAD_TIMESTAMP = ("50112", 401, "Invalid OK-ACCESS-TIMESTAMP.")
    BAD_SIGN = ("50113", 401, "Invalid Sign.")
    PERMISSION = ("50120", 401, "This API key doesn't have permission to use this function.")
    PARAMETER = ("51000", 200, "Parameter {} error.")
    INSTRUMENT = ("51001", 200, "Instrument ID does not exist.")
    NO_ORDER_ID = ("51003", 200, "Either client order ID or order ID is required.")
    MARGIN = ("51008", 200, "Order failed. Insufficient USDT margin in account.")
    DUPLICATE_CLIENT_ID = ("51016", 200, "Client order ID already exists.")
    SUSPENDED = ("51022", 200, "Contract suspended.")
    SIZE_TOO_SMALL = ("51020", 200, "Your order should meet or exceed the minimum order amount.")
    SIZE_TOO_LARGE = ("51101", 200, "Entered amount exceeds the max pending order amount (Cont) per transaction.")
    LOT_SIZE = ("51121", 200, "Order count should be integral multiples of the lot size.")
    REDUCE_ONLY = ("51169", 200, "Order failed because there is no position in this direction to reduce or close.")
    ALGO_PRICE = ("51250", 200, "Algo order price is out of the available range.")
    CLOSE_FRACTION_REDUCES = ("51328", 200, "closeFraction is only available for reduceOnly orders.")
    CLOSE_FRACTION_NET = ("51329", 200, "closeFraction is only available in NET mode.")
    CLOSE_FRACTION_MARKET = ("51330", 200, "closeFraction is only available for stop market orders.")
    CANCEL_NONE = ("51400", 200, "Cancellation failed as the order does not exist.")
    CANCEL_CANCELLED = ("51401", 200, "Cancellation failed as the order is already canceled.")
    CANCEL_COMPLETED = ("51402", 200, "Cancellation failed as the order is already completed.")
    AMEND_NONE = ("51503", 200, "Order modification failed as the order does not exist.")
    AMEND_CANCELLED = ("51509", 200, "Order modification failed as the order has been canceled.")
    AMEND_COMPLETED = ("51510", 200, "Order modification failed as the order has been completed.")
    NO_SUCH_ORDER = ("51603", 200, "Order does not exist.")
    MODE_IN_USE = ("59000", 200, "Setting failed. Cancel any open orders and close positions first.")


class OkxError(Exception):
    """A request, or one of the orders in it, is answered with one of OKX's errors."""

    def __init__(self, kind: OkxErrorKind, detail: str = "") -> None:
        self.kind = kind
        self.code, self.status, text = kind.value
        self.text = text.format(detail)
        super().__init__(f"{self.code} {self.text}")

    def body(self) -> bytes:
        """The JSON that OKX sends when the whole request is refused."""
        return msgspec.json.encode({"code": self.code, "data": [], "msg": self.text})


REFUSALS: dict[Refusal, OkxErrorKind] = {
    Refusal.DUPLICATE_CLIENT_ID: OkxErrorKind.DUPLICATE_CLIENT_ID,
    Refusal.REDUCE_ONLY: OkxErrorKind.REDUCE_ONLY,
    Refusal.WOULD_TRIGGER: OkxErrorKind.ALGO_PRICE,
    Refusal.MARGIN: OkxErrorKind.MARGIN,
    Refusal.HAS_OPEN_ORDERS: OkxErrorKind.MODE_IN_USE,
    Refusal.HAS_POSITION: OkxErrorKind.MODE_IN_USE,
}
"""The others are a parameter's fault: the dialect finds them itself."""

FAILURES: dict[FaultKind, OkxErrorKind] = {
    FaultKind.RATE_LIMITED: OkxErrorKind.RATE_LIMIT,
    FaultKind.BANNED: OkxErrorKind.RATE_LIMIT,
    FaultKind.OTHER_ADDRESS: OkxErrorKind.OTHER_ADDRESS,
    FaultKind.OVERLOADED: OkxErrorKind.BUSY,
    FaultKind.MAINTENANCE: OkxErrorKind.MAINTENANCE,
    FaultKind.UNKNOWN_STATUS: OkxErrorKind.STATUS_UNKNOWN,
}
