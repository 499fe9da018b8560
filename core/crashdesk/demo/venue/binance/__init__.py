"""The Binance USD-M futures dialect of the embedded exchange."""
