import Foundation
import SwiftProtobuf

extension SwiftProtobuf.Message {
  /// The message's bytes.
  func encoded() throws(FlowerError) -> Data {
    do {
      return try serializedBytes()
    } catch {
      throw FlowerError(.malformed, "\(Self.protoMessageName) cannot be encoded: \(error)")
    }
  }

  /// Reads what a call answered.
  ///
  /// - Parameters:
  ///   - answer: The bytes.
  ///   - call: Name of the call, for messages.
  /// - Throws: `FlowerError` with code `malformed`.
  init(_ answer: Data, of call: String) throws(FlowerError) {
    do {
      try self.init(serializedBytes: answer)
    } catch {
      throw FlowerError(.malformed, "\(call): expected \(Self.protoMessageName), got other bytes")
    }
  }
}
