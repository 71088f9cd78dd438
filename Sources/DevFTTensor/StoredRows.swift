package import CDevFTKernels
package import Foundation

/// Rows of a matrix as a file keeps them, quantised or not, expanded part by part when needed.
public struct StoredRows: Sendable {
  /// Number of rows.
  public let count: Int
  /// Numbers of a row.
  public let columns: Int
  private let contents: Data
  private let byteOffset: Int
  /// Numbers of a block; parts of a row must begin at multiples of it.
  let blockLength: Int
  private let blockByteCount: Int
  private let type: devft_storage
  /// Row of the file for each row; `nil` where they are the same.
  private let order: [UInt32]?
  private let release: (@Sendable () -> Void)?

  /// Describes rows.
  ///
  /// - Parameters:
  ///   - contents: What the rows lie in.
  ///   - byteOffset: Offset of the first row of the file.
  ///   - rows: Number of rows.
  ///   - columns: Numbers of a row, a multiple of `blockLength`.
  ///   - type: How the numbers are stored.
  ///   - blockLength: Numbers of a block.
  ///   - blockByteCount: Bytes of a block.
  ///   - order: Row of the file for each row, each below `rows`; `nil` where they are the same.
  ///   - release: Hands the pages of a mapped file back; `nil` for rows that are in memory for good.
  /// - Precondition: All rows lie inside `contents`.
  package init(
    contents: Data,
    byteOffset: Int,
    rows: Int,
    columns: Int,
    type: devft_storage,
    blockLength: Int,
    blockByteCount: Int,
    order: [Int]? = nil,
    release: (@Sendable () -> Void)?
  ) {
    count = rows
    self.columns = columns
    self.contents = contents
    self.byteOffset = byteOffset
    self.blockLength = blockLength
    self.blockByteCount = blockByteCount
    self.order = order.map { $0.map { UInt32($0) } }
    self.release = release
    self.type = type
    precondition(
      byteOffset >= 0 && byteCount <= contents.count - byteOffset && columns % blockLength == 0,
      "\(byteCount) bytes at \(byteOffset) leave the \(contents.count) bytes of the file"
    )
    precondition(
      order.map { $0.count == rows && $0.allSatisfy((0..<rows).contains) } ?? true,
      "an order that leaves the \(rows) rows"
    )
  }

  /// Bytes that the rows take in the file.
  public var byteCount: Int { count * rowByteCount }

  private var rowByteCount: Int { columns / blockLength * blockByteCount }

  /// Lends the rows in C's form.
  func withDescription<Result>(
    _ body: (devft_stored_matrix) -> Result
  ) -> Result {
    unsafe contents.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { preconditionFailure("rows in an empty file") }
      // SAFETY: the initialiser checked that all rows lie inside; the order names rows among them.
      return unsafe withOrder { order in
        unsafe body(
          devft_stored_matrix(
            bytes: (base + byteOffset).assumingMemoryBound(to: UInt8.self),
            rows: count,
            row_bytes: rowByteCount,
            block_length: blockLength,
            block_bytes: blockByteCount,
            type: type,
            row_order: order
          )
        )
      }
    }
  }

  /// Hands the pages of a mapped file back; they stay in the system's cache as long as it has room,
  /// and the next use finds them there.
  package func releasePages() { release?() }

  private func withOrder<Result>(_ body: (UnsafePointer<UInt32>?) -> Result) -> Result {
    guard let order else { return body(nil) }
    return unsafe order.withUnsafeBufferPointer { order in unsafe body(order.baseAddress) }
  }
}
