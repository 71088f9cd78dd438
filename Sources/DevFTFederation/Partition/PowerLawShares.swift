import DevFTTensor
import Foundation

/// Deals examples at random in shares whose sizes follow a power law.
///
/// Every client gets one example; the rest is dealt in proportion to `k^-exponent`, where the places
/// `k` from 1 are given to the clients by chance.
///
/// - Parameters:
///   - exampleCount: Number of examples, at least one a client.
///   - clientCount: Number of clients, at least 1.
///   - exponent: The exponent, in `0 ... 8`; 0 gives equal shares.
///   - stream: Source of the draws.
/// - Returns: The examples of each client.
/// - Throws: `FederationError` when the exponent is out of range.
func powerLawShares(
  exampleCount: Int,
  clientCount: Int,
  exponent: Double,
  stream: inout RandomStream
) throws(FederationError) -> [[Int]] {
  guard (0...8).contains(exponent) else {
    throw FederationError(
      .invalidSetting,
      "the exponent of a power law must be between 0 and 8, not \(exponent)"
    )
  }
  let weights = (1...clientCount).map { pow(Double($0), -exponent) }
  let sum = weights.reduce(0, +)
  let sizes = wholeShares(
    of: exampleCount - clientCount,
    proportions: weights.map { $0 / sum }
  ).map { $0 + 1 }
  let places = stream.permutation(of: clientCount)
  var rest = stream.permutation(of: exampleCount)[...]
  return (0..<clientCount).map { client in
    let share = rest.prefix(sizes[places[client]])
    rest = rest.dropFirst(share.count)
    return Array(share)
  }
}
