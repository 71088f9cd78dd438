#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// `e` to the power of a number.
///
/// - Parameter power: The power.
/// - Returns: The value.
func exponential(_ power: Double) -> Double { exp(power) }
