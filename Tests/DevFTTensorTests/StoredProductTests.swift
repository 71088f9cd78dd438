import CDevFTKernels
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

/// One way of storing numbers.
struct Storage: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let number: UInt32
  let length: Int
  let bytes: Int

  init(_ name: String, _ type: devft_storage, _ length: Int, _ bytes: Int) {
    (testDescription, number) = (name, type.rawValue)
    (self.length, self.bytes) = (length, bytes)
  }

  var type: devft_storage { devft_storage(rawValue: number) }

  static let all = [
    Storage("F32", DEVFT_F32, 1, 4), Storage("F16", DEVFT_F16, 1, 2),
    Storage("BF16", DEVFT_BF16, 1, 2), Storage("Q8_0", DEVFT_Q8_0, 32, 34),
    Storage("Q4_0", DEVFT_Q4_0, 32, 18), Storage("Q4_1", DEVFT_Q4_1, 32, 20),
    Storage("Q5_0", DEVFT_Q5_0, 32, 22), Storage("Q5_1", DEVFT_Q5_1, 32, 24),
    Storage("Q4_K", DEVFT_Q4_K, 256, 144), Storage("Q6_K", DEVFT_Q6_K, 256, 210),
  ]
}

@Suite("Matrices that stay as a file has them")
struct StoredProductTests {
  /// Bytes that read as small finite numbers in every storage.
  private func stored(_ storage: Storage, rows: Int, columns: Int, turned: Bool) -> StoredRows {
    let byteCount = rows * columns / storage.length * storage.bytes
    let bytes: [UInt8] = (0..<byteCount).map { place in
      UInt8((place * 37 + place / 251) % 60)
    }
    return StoredRows(
      contents: Data([1, 2, 3]) + Data(bytes),
      byteOffset: 3,
      rows: rows,
      columns: columns,
      type: storage.type,
      blockLength: storage.length,
      blockByteCount: storage.bytes,
      order: turned ? Array((0..<rows).reversed()) : nil,
      release: nil
    )
  }

  @Test(
    "are multiplied as if they were expanded first",
    arguments: Storage.all,
    Precision.operandTypes
  )
  func products(_ storage: Storage, _ precision: Precision) {
    guard isAvailable(precision) else { return }
    for (rows, columns) in [(3, 256), (100, 1536), (800, 512)] {
      let rowsInFile = stored(storage, rows: rows, columns: columns, turned: rows == 100)
      let lazy = Matrix(rowsInFile, precision: precision)
      let expanded = Matrix(expanding: rowsInFile, precision: precision)
      #expect(lazy.precision == precision)
      for count in [1, 300, 1100] where count < 1100 || rows == 3 {
        let wide = Matrix(fixedTensor(shape: [count, columns]), precision: precision)
        expectEqual(
          .product(wide, lazy, transposingRight: true),
          .product(wide, expanded, transposingRight: true),
          storage,
          isRow: count == 1
        )
        let tall = Matrix(fixedTensor(shape: [count, rows]), precision: precision)
        var (one, other) = (Tensor(shape: [count, columns]), Tensor(shape: [count, columns]))
        one.setProduct(tall, lazy, transposingRight: false, accumulates: true)
        other.setProduct(tall, expanded, transposingRight: false, accumulates: true)
        expectEqual(one, other, storage)
      }
    }
  }

  /// Blocks of 256 make wider tiles, whose sums oneDNN may add in another order.
  ///
  /// A single row has a kernel of its own where the matrix is in memory.
  private func expectEqual(
    _ one: Tensor,
    _ other: Tensor,
    _ storage: Storage,
    isRow: Bool = false
  ) {
    guard storage.length > 32 || isRow else { return expectSameBits(one, other) }
    expectClose(one, other.elements.map { Double($0) }, .product(inner: 1536))
  }

  @Test("expand to the rows of the file in their order", arguments: Storage.all)
  func expansion(_ storage: Storage) {
    let plain = stored(storage, rows: 5, columns: 512, turned: false)
    let turned = stored(storage, rows: 5, columns: 512, turned: true)
    let whole = Matrix(expanding: plain, precision: .float32)
    let rows = Matrix(turned, precision: .float32).gatheredRows([4, 3, 2, 1, 0])
    expectSameBits(whole.tensor, rows)
    let narrow = Matrix(expanding: plain, precision: .bfloat16)
    expectSameBits(narrow.tensor, Matrix(whole.tensor, precision: .bfloat16).tensor)
    let rounded = Matrix(expanding: plain, precision: .int8)
    expectSameBits(rounded.tensor, Matrix(whole.tensor, precision: .int8).tensor)
  }
}
