import Crypto
import Foundation

/// Name of a stored object: the SHA-256 of its bytes in 64 lowercase hexadecimal digits.
struct ObjectID: Hashable, Sendable, CustomStringConvertible {
  /// The digits.
  let description: String

  /// The name of an object.
  init(of contents: Data) {
    description = SHA256.hash(data: contents).hexadecimal
  }

  /// Takes a name that came from the other side.
  init(_ text: String) throws(FlowerError) {
    guard text.utf8.count == 64, text.utf8.allSatisfy({ Self.digits.contains($0) }) else {
      throw FlowerError(
        .malformed,
        "expected the 64 digits of an object's name, got \(text.excerpt)"
      )
    }
    description = text
  }

  private static let digits = Set("0123456789abcdef".utf8)
}
