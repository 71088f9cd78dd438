import DevFTTensor
import Foundation

/// The tensors of one file by name, expanded to float32 when asked for.
///
/// Of a mapped file, the pages that were read are handed back each time, so that the file does not
/// fill the process's memory; the system keeps them in its cache.
struct TensorTable: Sendable {
  /// The file's bytes.
  let contents: Data
  /// The file, for messages; `nil` for bytes in memory.
  let path: String?
  /// Names in the order of the file.
  let names: [String]
  private let tensors: [String: StoredTensor]

  /// Collects tensors.
  ///
  /// - Parameters:
  ///   - tensors: The tensors, all inside `contents`.
  ///   - contents: The file's bytes.
  ///   - path: The file, for messages.
  /// - Throws: `FormatError` with code `malformed` when two share a name or a byte.
  init(_ tensors: [StoredTensor], contents: Data, path: String?) throws(FormatError) {
    var byName = [String: StoredTensor](minimumCapacity: tensors.count)
    for tensor in tensors where byName.updateValue(tensor, forKey: tensor.name) != nil {
      throw FormatError(.malformed, path: path, "tensor \(tensor.name) is announced twice")
    }
    let ordered = tensors.filter { $0.byteCount > 0 }.sorted { $0.byteOffset < $1.byteOffset }
    for (tensor, next) in zip(ordered, ordered.dropFirst()) where tensor.byteEnd > next.byteOffset {
      throw FormatError(
        .malformed,
        path: path,
        "tensors \(tensor.name) and \(next.name) overlap at byte \(next.byteOffset)"
      )
    }
    self.contents = contents
    self.path = path
    self.names = tensors.map(\.name)
    self.tensors = byName
  }

  /// Where a tensor lies, or `nil` when there is none of that name.
  subscript(name: String) -> StoredTensor? { tensors[name] }

  /// Expands a whole tensor.
  ///
  /// - Parameter name: Name in the file.
  /// - Returns: The tensor.
  /// - Throws: `FormatError` with code `missing`.
  func tensor(named name: String) throws(FormatError) -> Tensor {
    let stored = try find(name)
    let elements = stored.type.expand(
      runsAt: [stored.byteOffset],
      count: stored.count,
      in: contents
    )
    MappedFile.release(stored.byteOffset..<stored.byteEnd, of: contents)
    return Tensor(shape: stored.shape, elements: elements)
  }

  /// Expands some consecutive rows of a tensor.
  ///
  /// - Parameters:
  ///   - rows: Range along the outermost axis.
  ///   - name: Name in the file.
  /// - Returns: A tensor as many rows high.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor has at least two axes, and the rows lie inside.
  func rows(_ rows: Range<Int>, ofTensor name: String) throws(FormatError) -> Tensor {
    let stored = try find(name)
    checkRows(rows, of: stored)
    let rowBytes = stored.type.byteCount(of: stored.rowLength)
    let elements = stored.type.expand(
      runsAt: [stored.byteOffset + rows.lowerBound * rowBytes],
      count: rows.count * stored.rowLength,
      in: contents
    )
    release(rows, of: stored)
    return Tensor(shape: [rows.count] + stored.shape.dropFirst(), elements: elements)
  }

  /// Expands chosen rows of a tensor.
  ///
  /// - Parameters:
  ///   - order: Indices along the outermost axis, in the order wanted.
  ///   - name: Name in the file.
  /// - Returns: A tensor as many rows high.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor has at least two axes, and the rows lie inside.
  func rows(at order: [Int], ofTensor name: String) throws(FormatError) -> Tensor {
    let stored = try find(name)
    let span = (order.min() ?? 0)..<(order.max() ?? -1) + 1
    checkRows(span, of: stored)
    let rowBytes = stored.type.byteCount(of: stored.rowLength)
    let elements = stored.type.expand(
      runsAt: order.map { stored.byteOffset + $0 * rowBytes },
      count: stored.rowLength,
      in: contents
    )
    release(span, of: stored)
    return Tensor(shape: [order.count] + stored.shape.dropFirst(), elements: elements)
  }

  /// The rows of a matrix as they are stored.
  ///
  /// - Parameters:
  ///   - name: Name in the file.
  ///   - order: Row of the file for each row; `nil` where they are the same.
  /// - Returns: The rows.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor is a matrix, and the order names each of its rows.
  func storedRows(ofTensor name: String, order: [Int]?) throws(FormatError) -> StoredRows {
    let stored = try find(name)
    precondition(stored.shape.count == 2, "a tensor of shape \(stored.shape) is no matrix")
    return StoredRows(
      contents: contents,
      byteOffset: stored.byteOffset,
      rows: stored.shape[0],
      columns: stored.rowLength,
      type: stored.type.kernelType,
      blockLength: stored.type.blockLength,
      blockByteCount: stored.type.blockByteCount,
      order: order,
      release: { [contents] in
        MappedFile.release(stored.byteOffset..<stored.byteEnd, of: contents)
      }
    )
  }

  private func find(_ name: String) throws(FormatError) -> StoredTensor {
    guard let stored = tensors[name] else {
      throw FormatError(.missing, path: path, "there is no tensor \(name)")
    }
    return stored
  }

  /// Hands back the pages of some rows that were read.
  private func release(_ rows: Range<Int>, of stored: StoredTensor) {
    let rowBytes = stored.type.byteCount(of: stored.rowLength)
    let start = stored.byteOffset + rows.lowerBound * rowBytes
    MappedFile.release(start..<start + rows.count * rowBytes, of: contents)
  }

  private func checkRows(_ rows: Range<Int>, of stored: StoredTensor) {
    precondition(stored.shape.count >= 2, "a tensor of shape \(stored.shape) has no rows")
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= stored.shape[0],
      "rows \(rows) are not all among the \(stored.shape[0]) of \(stored.name)"
    )
  }
}
