public import DevFTTensor

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How the next token is chosen.
public enum Sampling: Sendable {
  /// The likeliest token; the lowest identifier among equals.
  case greedy
  /// A draw among the likeliest tokens that together have a given probability.
  ///
  /// Logits are divided by `temperature`, above 0; `probability` lies in `(0, 1]`.
  case topP(probability: Double, temperature: Double, stream: RandomStream)

  /// Chooses a token.
  ///
  /// - Parameter logits: One number a token, `[V]`.
  /// - Returns: The token.
  mutating func choose(_ logits: ArraySlice<Float>) -> Int32 {
    guard case .topP(let probability, let temperature, var stream) = self else {
      return Int32(likeliest(logits))
    }
    let token = draw(
      logits,
      probability: probability,
      temperature: temperature,
      stream: &stream
    )
    self = .topP(probability: probability, temperature: temperature, stream: stream)
    return Int32(token)
  }

  private func likeliest(_ logits: ArraySlice<Float>) -> Int {
    var (best, place) = (-Float.infinity, logits.startIndex)
    for index in logits.indices where logits[index] > best {
      (best, place) = (logits[index], index)
    }
    return place - logits.startIndex
  }

  private func draw(
    _ logits: ArraySlice<Float>,
    probability: Double,
    temperature: Double,
    stream: inout RandomStream
  ) -> Int {
    let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
    let top = Double(logits[order[0]])
    let weights = order.map { exp((Double(logits[$0]) - top) / temperature) }
    let limit = weights.reduce(0, +) * probability
    var (kept, sum) = (0, 0.0)
    while kept < weights.count, sum < limit {
      sum += weights[kept]
      kept += 1
    }
    var remaining = stream.nextUniform() * sum
    for index in 0..<kept {
      remaining -= weights[index]
      if remaining < 0 { return order[index] - logits.startIndex }
    }
    return order[max(0, kept - 1)] - logits.startIndex
  }
}
