import CDevFTKernels
import Foundation

extension StorageType {
  /// Expands runs of stored numbers to float32, one run after the other.
  ///
  /// - Parameters:
  ///   - offsets: Byte offset of each run in `bytes`.
  ///   - count: Numbers in each run, a multiple of the block's length.
  ///   - bytes: What the runs lie in.
  /// - Returns: `offsets.count * count` numbers.
  /// - Precondition: Every run lies inside `bytes`.
  func expand(runsAt offsets: [Int], count: Int, in bytes: Data) -> [Float] {
    let runByteCount = byteCount(of: count)
    // SAFETY: The capacity holds all runs, each of which writes exactly `count` numbers.
    return unsafe [Float](unsafeUninitializedCapacity: offsets.count * count) { target, filled in
      unsafe bytes.withUnsafeBytes { source in
        for offset in offsets {
          precondition(
            offset >= 0 && runByteCount <= source.count - offset,
            "\(runByteCount) bytes at \(offset) leave the \(source.count) bytes of the file"
          )
          guard let from = source.baseAddress, let to = target.baseAddress else { continue }
          unsafe expand(from + offset, to + filled, count)
          filled += count
        }
      }
    }
  }

  /// Expands `count` numbers; both pointers must be good for that many.
  private func expand(
    _ source: UnsafeRawPointer,
    _ target: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    // SAFETY: The caller checked both ranges, and they do not overlap; kernels need no alignment.
    switch self {
    case .f32: unsafe UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: 4 * count)
    case .f16: unsafe devft_dequantise_f16(source, target, count)
    case .bf16: unsafe devft_dequantise_bf16(source, target, count)
    case .q8_0: unsafe devft_dequantise_q8_0(source, target, count)
    case .q4_0: unsafe devft_dequantise_q4_0(source, target, count)
    case .q4_1: unsafe devft_dequantise_q4_1(source, target, count)
    case .q5_0: unsafe devft_dequantise_q5_0(source, target, count)
    case .q5_1: unsafe devft_dequantise_q5_1(source, target, count)
    case .q4_K: unsafe devft_dequantise_q4_k(source, target, count)
    case .q6_K: unsafe devft_dequantise_q6_k(source, target, count)
    }
  }
}
