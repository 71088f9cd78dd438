import Foundation

/// What happens to text before it is cut into words.
struct Normalizer: Sendable {
  /// One step.
  enum Step: Sendable {
    /// Canonical composition (NFC).
    case composition
    /// Puts bytes before text that is not empty.
    case prefix([UInt8])
    /// Replaces all occurrences.
    case replacement(of: [UInt8], by: [UInt8])
    /// BERT's own rule.
    case bert(BertNormalization)
  }

  /// The steps in their order.
  var steps: [Step]

  /// Normalises text.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - position: Where the text stands; continuing text takes no prefix.
  /// - Returns: UTF-8 of the normalised text.
  func apply(_ bytes: [UInt8], at position: TextPosition) -> [UInt8] {
    steps.reduce(bytes) { bytes, step in
      switch step {
      case .composition: composed(bytes)
      case .prefix(let prefix):
        bytes.isEmpty || position == .continuing ? bytes : prefix + bytes
      case .replacement(let pattern, let replacement):
        replaced(bytes, pattern, replacement)
      case .bert(let rule): rule.apply(bytes)
      }
    }
  }

  /// Below U+0300, whose first byte is 0xCC, text is composed already.
  private func composed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(where: { $0 >= 0xcc }) else { return bytes }
    return Array(String(decoding: bytes, as: UTF8.self).precomposedStringWithCanonicalMapping.utf8)
  }

  private func replaced(_ bytes: [UInt8], _ pattern: [UInt8], _ by: [UInt8]) -> [UInt8] {
    guard let first = pattern.first else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == first, bytes[index...].starts(with: pattern) {
        result += by
        index += pattern.count
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }
}
