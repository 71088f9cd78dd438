import DevFTTensor
import Testing
import _DevFTTestSupport

/// Sizes of one product.
struct ProductShape: CustomTestStringConvertible, Sendable {
  let rows: Int
  let inner: Int
  let columns: Int

  init(_ rows: Int, _ inner: Int, _ columns: Int) {
    (self.rows, self.inner, self.columns) = (rows, inner, columns)
  }

  var testDescription: String { "[\(rows), \(inner)] x [\(inner), \(columns)]" }

  /// Odd sizes, and sizes around the borders of tiles: 256 rows, pairs of 384 columns.
  static let all = [
    ProductShape(1, 1, 1), ProductShape(1, 64, 3), ProductShape(2, 3, 5), ProductShape(7, 13, 11),
    ProductShape(16, 17, 31), ProductShape(33, 64, 33), ProductShape(1, 576, 1537),
    ProductShape(255, 7, 97), ProductShape(256, 32, 383), ProductShape(257, 31, 385),
    ProductShape(3, 129, 767), ProductShape(5, 65, 768), ProductShape(300, 19, 769),
    ProductShape(513, 5, 1543), ProductShape(64, 1009, 40),
  ]
}

@Suite("Matrix products equal their definition")
struct ProductTests {
  @Test(
    "in both layouts, overwriting and adding",
    arguments: ProductShape.all,
    Precision.operandTypes
  )
  func products(_ shape: ProductShape, _ precision: Precision) {
    guard isAvailable(precision) else { return }
    let left = fixedTensor(shape: [shape.rows, shape.inner])
    let right = fixedTensor(shape: [shape.inner, shape.columns], phase: 1)
    let (leftMatrix, rightMatrix) = (
      Matrix(left, precision: precision), Matrix(right, precision: precision)
    )
    let turned = Matrix(float32(Grid(right).transposed), precision: precision)
    let expected = referenceProduct(operand(left, precision), operand(right, precision))
    let tolerance = Tolerance.product(inner: shape.inner)

    let plain = Tensor.product(leftMatrix, rightMatrix, transposingRight: false)
    #expect(plain.shape == [shape.rows, shape.columns])
    expectClose(plain, expected.values, tolerance, "plain")
    let transposing = Tensor.product(leftMatrix, turned, transposingRight: true)
    expectClose(transposing, expected.values, tolerance, "transposing")

    let start = fixedTensor(shape: [shape.rows, shape.columns], phase: 2)
    let total = zip(expected.values, start.elements).map { $0.0 + Double($0.1) }
    for (matrix, transposed) in [(rightMatrix, false), (turned, true)] {
      var sum = start
      sum.setProduct(leftMatrix, matrix, transposingRight: transposed, accumulates: true)
      expectClose(sum, total, tolerance, "adding, transposed \(transposed)")
    }
  }

  @Test("without rows nothing is written")
  func noRows() {
    let right = Matrix(fixedTensor(shape: [3, 4]), precision: .float32)
    let left = Matrix(Tensor(shape: [0, 3], elements: []), precision: .float32)
    let product = Tensor.product(left, right, transposingRight: false)
    #expect(product.shape == [0, 4])
    #expect(product.elements.isEmpty)
  }

  @Test("over no terms are zero, or add nothing", arguments: Precision.operandTypes)
  func noTerms(_ precision: Precision) {
    // A tensor without columns counts no rows, so the operands are made by hand.
    let storage = Matrix(Tensor(shape: [0], elements: []), precision: precision).storage
    let left = Matrix(rows: 2, columns: 0, storage: storage)
    let right = Matrix(rows: 3, columns: 0, storage: storage)
    let start = fixedTensor(shape: [2, 3])
    var product = start
    product.setProduct(left, right, transposingRight: true, accumulates: true)
    #expect(product == start)
    product.setProduct(left, right, transposingRight: true)
    #expect(product == Tensor(shape: [2, 3]))
  }

  @Test("NaN and infinity in an operand reach the result", arguments: Precision.operandTypes)
  func nonFinite(_ precision: Precision) {
    guard isAvailable(precision) else { return }
    var left = fixedTensor(shape: [3, 40])
    left.elements[7] = .nan
    left.elements[40 + 9] = .infinity
    let right = Matrix(fixedTensor(shape: [5, 40], phase: 1), precision: precision)
    let product = Tensor.product(
      Matrix(left, precision: precision),
      right,
      transposingRight: true
    )
    #expect(product.elements[0..<5].allSatisfy { $0.isNaN })
    #expect(product.elements[5..<10].allSatisfy { $0.isInfinite })
    #expect(product.elements[10..<15].allSatisfy { $0.isFinite })
  }
}

/// What a product sees: the operand itself, or rounded to bfloat16 by the reference.
func operand(_ tensor: Tensor, _ precision: Precision) -> Grid {
  guard precision == .bfloat16 else { return Grid(tensor) }
  let rounded = tensor.elements.map { Double(widened(referenceBFloat16($0))) }
  return Grid(tensor).with(rounded)
}
