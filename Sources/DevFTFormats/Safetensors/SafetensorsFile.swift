public import DevFTTensor
public import Foundation

/// A safetensors file: named tensors, read as float32 from F32, F16 or BF16.
///
/// The file is mapped, and numbers are read only when asked for. A value that may be used from
/// several threads at once.
///
/// - SeeAlso: <https://github.com/huggingface/safetensors>.
public struct SafetensorsFile: Sendable {
  /// The file, or `nil` for bytes in memory.
  public var path: String? { table.path }
  /// Free text by key.
  public let metadata: [String: String]
  private let table: TensorTable
  private let unreadTypes: [String: String]

  /// Opens a file; its header is read and checked, its tensors are not.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FormatError`.
  public init(path: String) throws {
    try self.init(contents: MappedFile.contents(of: path), path: path)
  }

  /// Reads a file that is in memory.
  ///
  /// - Parameters:
  ///   - contents: The whole file.
  ///   - path: Where it came from, for messages; `nil` by default.
  /// - Throws: `FormatError`.
  public init(contents: Data, path: String? = nil) throws {
    let header = try SafetensorsHeader(contents, path: path)
    metadata = header.metadata
    unreadTypes = header.unreadTypes
    table = try TensorTable(header.tensors, contents: contents, path: path)
  }

  /// Names of the tensors whose numbers can be read, in the order of the file.
  public var tensorNames: [String] { table.names }

  /// Where a tensor lies and how it is stored.
  ///
  /// - Parameter name: Name in the file.
  /// - Returns: Its place, or `nil` when there is none of that name that can be read.
  public func tensorInfo(_ name: String) -> StoredTensor? { table[name] }

  /// Reads a tensor.
  ///
  /// - Parameter name: Name in the file.
  /// - Returns: The tensor.
  /// - Throws: `FormatError` with code `missing` or `unsupported`.
  public func tensor(named name: String) throws -> Tensor {
    try demandReadable(name)
    return try table.tensor(named: name)
  }

  /// Reads some consecutive rows of a tensor.
  ///
  /// - Parameters:
  ///   - rows: Range along the outermost axis.
  ///   - name: Name in the file.
  /// - Returns: A tensor as many rows high.
  /// - Throws: `FormatError` with code `missing` or `unsupported`.
  /// - Precondition: The tensor has at least two axes, and the rows lie inside.
  public func rows(_ rows: Range<Int>, ofTensor name: String) throws -> Tensor {
    try demandReadable(name)
    return try table.rows(rows, ofTensor: name)
  }

  /// The rows of a matrix as they are stored.
  ///
  /// - Parameters:
  ///   - name: Name in the file.
  ///   - order: Row of the file for each row; `nil` where they are the same.
  /// - Returns: The rows.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor is a matrix, and the order names each of its rows.
  func storedRows(ofTensor name: String, order: [Int]? = nil) throws -> StoredRows {
    try demandReadable(name)
    return try table.storedRows(ofTensor: name, order: order)
  }

  /// Reads all tensors.
  ///
  /// - Returns: The tensors by name.
  /// - Throws: `FormatError` with code `unsupported` when one cannot be read.
  public func tensors() throws -> NamedTensors {
    if let name = unreadTypes.keys.min() { try demandReadable(name) }
    var tensors: [String: Tensor] = [:]
    for name in tensorNames { tensors[name] = try table.tensor(named: name) }
    return NamedTensors(tensors)
  }

  private func demandReadable(_ name: String) throws {
    guard let type = unreadTypes[name] else { return }
    throw FormatError(
      .unsupported,
      path: path,
      "tensor \(name) of type \(type), expected F32, F16 or BF16"
    )
  }
}
