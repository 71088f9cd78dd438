/// Reads the metadata of a model by the keys of its architecture, such as `llama.block_count`.
struct GGUFModelKeys {
  private let metadata: [String: GGUFValue]
  private let path: String
  /// The architecture's name, with which its keys begin.
  let architecture: String

  /// Finds out the architecture.
  ///
  /// - Parameters:
  ///   - metadata: The file's metadata.
  ///   - path: The file, for messages.
  /// - Throws: `FormatError` with code `missing` when it is not stated.
  init(_ metadata: [String: GGUFValue], path: String) throws(FormatError) {
    guard case .text(let architecture) = metadata["general.architecture"] else {
      throw FormatError(.missing, path: path, "general.architecture is not a text")
    }
    self.metadata = metadata
    self.path = path
    self.architecture = architecture
  }

  /// Reads a size.
  ///
  /// - Parameter key: Key without the architecture's name.
  /// - Returns: A number from 0 to 2³¹ - 1, or `nil` when there is none.
  /// - Throws: `FormatError` when it is something else.
  func size(_ key: String) throws(FormatError) -> Int? {
    switch value(key) {
    case nil: return nil
    case .unsigned(let number) where number <= UInt64(Int32.max): return Int(number)
    case .signed(let number) where 0...Int64(Int32.max) ~= number: return Int(number)
    case .array: throw refusal(key, "a list")
    case .some: throw failure(.malformed, key, "is no number from 0 to \(Int32.max)")
    }
  }

  /// Reads a size that must be there.
  ///
  /// - Parameter key: Key without the architecture's name.
  /// - Returns: A number from 1 to 2³¹ - 1.
  /// - Throws: `FormatError` when it is missing or something else.
  func requiredSize(_ key: String) throws(FormatError) -> Int {
    guard let size = try size(key) else { throw failure(.missing, key, "is missing") }
    guard size >= 1 else { throw failure(.malformed, key, "is 0") }
    return size
  }

  /// Reads a positive number.
  ///
  /// - Parameter key: Key without the architecture's name.
  /// - Returns: The number, or `nil` when there is none.
  /// - Throws: `FormatError` when it is something else.
  func positive(_ key: String) throws(FormatError) -> Double? {
    switch value(key) {
    case nil: return nil
    case .real(let number) where number > 0 && number.isFinite: return number
    case .some: throw failure(.malformed, key, "is no positive number")
    }
  }

  /// Reads a text.
  ///
  /// - Parameter key: Key without the architecture's name.
  /// - Returns: The text, or `nil` when there is none.
  func text(_ key: String) -> String? {
    guard case .text(let text) = value(key) else { return nil }
    return text
  }

  /// The error of a feature that is not supported.
  ///
  /// - Parameters:
  ///   - key: Key without the architecture's name.
  ///   - value: Its value, in words.
  /// - Returns: The error.
  func refusal(_ key: String, _ value: String) -> FormatError {
    failure(.unsupported, key, "is \(value), which is not supported")
  }

  private func value(_ key: String) -> GGUFValue? { metadata["\(architecture).\(key)"] }

  private func failure(_ code: FormatError.Code, _ key: String, _ message: String) -> FormatError {
    FormatError(code, path: path, "\(architecture).\(key) \(message)")
  }
}
