"""The exchange's error codes, as it words them."""

from enum import Enum

import msgspec

from crashdesk.demo.venue.faults import FaultKind
from crashdesk.demo.venue.ledger import Refusal


class ApiErrorKind(Enum):
    """(code, HTTP status, text); `{}` in a text takes a detail."""

    TOO_MANY_REQUESTS = (-1003, 429, "Too many requests; current limit is 2400 requests per minute.")
    BANNED = (
        -1003,
        418,
        "Way too many requests; IP banned until 4102444800000. Please use the websocket for live updates to avoid bans.",
    )
    INTERNAL = (-1001, 503, "Internal error; unable to process your request. Please try again.")
    STATUS_UNKNOWN = (
        -1007,
        408,
        "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    )
    OVERLOADED = (-1008, 503, "Server is currently overloaded with other requests. Please try again in a few minutes.")
    OUTSIDE_RECV_WINDOW = (-1021, 400, "Timestamp for this request is outside of the recvWindow.")
    AHEAD_OF_SERVER = (-1021, 400, "Timestamp for this request was 1000ms ahead of the server's time.")
    BAD_SIGNATURE = (-1022, 400, "Signature for this request is not valid.")
    ILLEGAL_CHARACTERS = (-1100, 400, "Illegal characters found in parameter '{}'.")
    MISSING_PARAMETER = (-1102, 400, "Mandatory parameter '{}' was not sent, was empty/null, or malformed.")
    UNWANTED_PARAMETER = (-1106, 400, "Parameter '{}' sent when not required.")
    PRECISION = (-1111, 400, "Precision is over the maximum defined for this asset.")
    TIME_IN_FORCE = (-1115, 400, "Invalid timeInForce.")
    ORDER_TYPE = (-1116, 400, "Invalid orderType.")
    SIDE = (-1117, 400, "Invalid side.")
    SYMBOL = (-1121, 400, "Invalid symbol.")
    UNKNOWN_ORDER = (-2011, 400, "Unknown order sent.")
    NO_SUCH_ORDER = (-2013, 400, "Order does not exist.")
    KEY_FORMAT = (-2014, 401, "API-key format invalid.")
    KEY_OR_PERMISSION = (-2015, 401, "Invalid API-key, IP, or permissions for action.")
    MARGIN = (-2019, 400, "Margin is insufficient.")
    WOULD_TRIGGER = (-2021, 400, "Order would immediately trigger.")
    REDUCE_ONLY = (-2022, 400, "ReduceOnly Order is rejected.")
    PRICE_NOT_POSITIVE = (-4001, 400, "Price less than 0.")
    QUANTITY_NOT_POSITIVE = (-4003, 400, "Quantity less than or equal to zero.")
    QUANTITY_TOO_SMALL = (-4004, 400, "Quantity less than min quantity.")
    QUANTITY_TOO_LARGE = (-4005, 400, "Quantity greater than max quantity.")
    PRICE_TICK = (-4014, 400, "Price not increased by tick size.")
    CLIENT_ID = (-4015, 400, "Client order id is not valid.")
    SAME_MODE = (-4059, 400, "No need to change position side.")
    POSITION_SIDE = (-4061, 400, "Order's position side does not match user's setting.")
    MODE_WITH_ORDERS = (-4067, 400, "Position side cannot be changed if there exists open orders.")
    MODE_WITH_POSITION = (-4068, 400, "Position side cannot be changed if there exists position.")
    DUPLICATE_CLIENT_ID = (-4116, 400, "ClientOrderId is duplicated.")
    CONDITIONAL_ELSEWHERE = (
        -4120,
        400,
        "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.",
    )
    QUANTITY_WITH_CLOSE = (-4137, 400, "Quantity must be zero with closePosition equals true")
    MIN_NOTIONAL = (-4164, 400, "Order's notional must be no smaller than {} (unless you choose reduce only).")
    POST_ONLY = (
        -5022,
        400,
        "Due to the order could not be executed as maker, the Post Only order will be rejected. "
        "The order will not be recorded in the order history",
    )


class ApiError(Exception):
    """A request is answered with one of the exchange's errors."""

    def __init__(self, kind: ApiErrorKind, detail: str = "") -> None:
        self.code, self.status, text = kind.value
        self.text = text.format(detail)
        super().__init__(f"{self.code} {self.text}")

    def body(self) -> bytes:
        """The JSON that the exchange sends."""
        return msgspec.json.encode({"code": self.code, "msg": self.text})


REFUSALS: dict[Refusal, ApiErrorKind] = {
    Refusal.POSITION_SIDE: ApiErrorKind.POSITION_SIDE,
    Refusal.DUPLICATE_CLIENT_ID: ApiErrorKind.DUPLICATE_CLIENT_ID,
    Refusal.REDUCE_ONLY: ApiErrorKind.REDUCE_ONLY,
    Refusal.WOULD_CROSS: ApiErrorKind.POST_ONLY,
    Refusal.WOULD_TRIGGER: ApiErrorKind.WOULD_TRIGGER,
    Refusal.MARGIN: ApiErrorKind.MARGIN,
    Refusal.SAME_MODE: ApiErrorKind.SAME_MODE,
    Refusal.HAS_OPEN_ORDERS: ApiErrorKind.MODE_WITH_ORDERS,
    Refusal.HAS_POSITION: ApiErrorKind.MODE_WITH_POSITION,
}

FAILURES: dict[FaultKind, ApiErrorKind] = {
    FaultKind.RATE_LIMITED: ApiErrorKind.TOO_MANY_REQUESTS,
    FaultKind.BANNED: ApiErrorKind.BANNED,
    FaultKind.OTHER_ADDRESS: ApiErrorKind.KEY_OR_PERMISSION,
    FaultKind.OVERLOADED: ApiErrorKind.OVERLOADED,
    FaultKind.MAINTENANCE: ApiErrorKind.INTERNAL,
    FaultKind.UNKNOWN_STATUS: ApiErrorKind.STATUS_UNKNOWN,
}
