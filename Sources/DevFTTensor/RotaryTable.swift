import CDevFTKernels

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Cosines and sines of rotary position embedding, and the rotation itself.
///
/// Pairs are (i, i + K/2), as in Hugging Face models.
/// - SeeAlso: Su et al., 2021, <https://arxiv.org/abs/2104.09864>.
public struct RotaryTable: Sendable {
  /// Positions that the table covers.
  public let positionCount: Int
  private let headWidth: Int
  private let cosines: Tensor
  private let sines: Tensor

  /// Computes the table.
  ///
  /// - Parameters:
  ///   - frequencies: Angle per position of each pair, `[K/2]`, in radians.
  ///   - positionCount: Positions, at least 1.
  public init(frequencies: [Double], positionCount: Int) {
    self.positionCount = positionCount
    headWidth = 2 * frequencies.count
    let angles = (0..<positionCount).flatMap { position in
      frequencies.map { Float($0) * Float(position) }
    }
    let shape = [positionCount, frequencies.count]
    cosines = Tensor(shape: shape, elements: angles.map { Float(cos(Double($0))) })
    sines = Tensor(shape: shape, elements: angles.map { Float(sin(Double($0))) })
  }

  /// Rotates heads by their positions.
  ///
  /// - Parameters:
  ///   - tensor: Heads side by side, `[N, heads · K]`, and what else stands in a row; overwritten.
  ///   - columns: The columns of the heads; all by default.
  ///   - positions: Position of each row, each in `0 ..< positionCount`.
  ///   - inverse: Rotates back, which is also the backward pass.
  public func rotate(
    _ tensor: inout Tensor,
    columns: Range<Int>? = nil,
    positions: [Int32],
    inverse: Bool = false
  ) {
    let (rows, stride) = (tensor.rowCount, tensor.columnCount)
    let columns = columns ?? 0..<stride
    precondition(
      positions.count == rows && columns.count % headWidth == 0 && columns.upperBound <= stride,
      "\(positions.count) positions for columns \(columns) of \(tensor.shape), heads of \(headWidth)"
    )
    precondition(
      positions.allSatisfy { $0 >= 0 && $0 < positionCount },
      "a position outside 0 ..< \(positionCount)"
    )
    unsafe tensor.withMutablePointer { target in
      unsafe withPointers(to: [cosines, sines]) { tables in
        unsafe positions.withUnsafeBufferPointer { positions in
          guard let positions = positions.baseAddress else { return }
          parallelBlocks(of: rows, block: 32) { block in
            // SAFETY: blocks of rows lie inside the buffer; positions were checked above.
            unsafe devft_rope(
              target + block.lowerBound * stride + columns.lowerBound,
              positions + block.lowerBound,
              tables[0],
              tables[1],
              inverse ? -1 : 1,
              block.count,
              stride,
              columns.count / headWidth,
              headWidth
            )
          }
        }
      }
    }
  }
}
