import CDevFTKernels
import Foundation

/// Makes a frozen matrix from parts of rows that come one after the other, so that the whole is never
/// in memory as float32.
public struct MatrixBuilder {
  /// What the matrix is kept as.
  public enum Form: Sendable {
    /// Numbers of a precision.
    case numbers(Precision)
    /// Blocks of 32 numbers in 34 bytes (Q8_0), expanded to a precision in products.
    case blocks(Precision)

    fileprivate func fitting(columns: Int) -> Form {
      guard case .blocks(let precision) = self, columns % blockLength != 0 else { return self }
      return .numbers(precision)
    }
  }

  private let rowCount: Int
  private let columns: Int
  private var float32: [Float] = []
  private var bfloat16: [UInt16] = []
  private var int8 = Int8Rows(numbers: [], scales: [])
  private var blocks = Data()
  private let form: Form

  /// Starts a matrix.
  ///
  /// - Parameters:
  ///   - rows: Number of rows that it will have.
  ///   - columns: Numbers of a row. Rows that are no whole number of blocks are kept as numbers.
  ///   - form: What the matrix is kept as.
  public init(rows: Int, columns: Int, form: Form) {
    rowCount = rows
    self.columns = columns
    self.form = form.fitting(columns: columns)
    let count = rows * columns
    switch self.form {
    case .blocks: blocks.reserveCapacity(count / Self.blockLength * Self.blockByteCount)
    case .numbers(.float32): float32.reserveCapacity(count)
    case .numbers(.bfloat16): bfloat16.reserveCapacity(count)
    case .numbers(.int8): int8.reserveCapacity(rows: rows, columns: columns)
    }
  }

  /// Adds rows below those that are there.
  ///
  /// - Parameter part: Rows, `[n, columns]`.
  public mutating func append(_ part: Tensor) {
    precondition(part.columnCount == columns, "rows of \(part.columnCount), not \(columns)")
    switch form {
    case .blocks: appendBlocks(part)
    case .numbers(.float32): float32 += part.elements
    case .numbers(.bfloat16): bfloat16 += roundedToBFloat16(part.elements)
    case .numbers(.int8): int8.append(Int8Rows(rounding: part))
    }
  }

  /// The matrix of all rows.
  ///
  /// - Precondition: As many rows were added as announced.
  public var matrix: Matrix {
    switch form {
    case .blocks(let precision): Matrix(storedRows, precision: precision)
    case .numbers(.float32): matrix(.float32(float32), count: float32.count)
    case .numbers(.bfloat16): matrix(.bfloat16(bfloat16), count: bfloat16.count)
    case .numbers(.int8): matrix(.int8(int8), count: int8.numbers.count)
    }
  }

  private func matrix(_ storage: Matrix.Storage, count: Int) -> Matrix {
    precondition(count == rowCount * columns, "\(count) numbers for \(rowCount) rows")
    return Matrix(rows: rowCount, columns: columns, storage: storage)
  }

  private var storedRows: StoredRows {
    StoredRows(
      contents: blocks,
      byteOffset: 0,
      rows: rowCount,
      columns: columns,
      type: DEVFT_Q8_0,
      blockLength: Self.blockLength,
      blockByteCount: Self.blockByteCount,
      release: nil
    )
  }

  private static let blockLength = 32
  private static let blockByteCount = 34

  private mutating func appendBlocks(_ part: Tensor) {
    let byteCount = part.count / Self.blockLength * Self.blockByteCount
    let start = blocks.count
    blocks.count += byteCount
    unsafe blocks.withUnsafeMutableBytes { target in
      unsafe withPointers(to: [part]) { source in
        guard let target = target.baseAddress else { return }
        // SAFETY: `byteCount` bytes were added above; `part` holds that many blocks of numbers.
        unsafe devft_quantise_q8_0(source[0], target + start, part.count)
      }
    }
  }
}
