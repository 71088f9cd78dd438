import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Products with int8 matrices")
struct Int8ProductTests {
  @Test("equal those of the rounded operands, with a transposed right", arguments: ProductShape.all)
  func transposed(_ shape: ProductShape) {
    guard isAvailable(.int8) else { return }
    let left = fixedTensor(shape: [shape.rows, shape.inner])
    let right = fixedTensor(shape: [shape.columns, shape.inner], phase: 1)
    let expected = referenceProduct(
      referenceInt8Rows(operand(left, .bfloat16)),
      referenceInt8Rows(Grid(right)).transposed
    )
    let result = Tensor.product(
      Matrix(left, precision: .bfloat16),
      Matrix(right, precision: .int8),
      transposingRight: true
    )
    expectClose(result, expected.values, .int8Product, "transposed")
  }

  @Test("take the scales of the inner axis into the left operand", arguments: ProductShape.all)
  func plain(_ shape: ProductShape) {
    guard isAvailable(.int8) else { return }
    let left = fixedTensor(shape: [shape.rows, shape.inner])
    let right = fixedTensor(shape: [shape.inner, shape.columns], phase: 1)
    let rounded = referenceInt8Rows(Grid(right))
    var factored = operand(left, .bfloat16)
    var numbers = rounded
    for inner in 0..<shape.inner {
      let scale = (0..<shape.columns).reduce(0.0) { max($0, abs(rounded[inner, $1])) } / 127
      for row in 0..<shape.rows { factored[row, inner] *= scale }
      for column in 0..<shape.columns where scale > 0 { numbers[inner, column] /= scale }
    }
    let expected = referenceProduct(referenceInt8Rows(factored), numbers)
    let start = fixedTensor(shape: [shape.rows, shape.columns], phase: 2)
    var sum = start
    sum.setProduct(
      Matrix(left, precision: .bfloat16),
      Matrix(right, precision: .int8),
      transposingRight: false,
      accumulates: true
    )
    let total = zip(expected.values, start.elements).map { $0.0 + Double($0.1) }
    expectClose(sum, total, .int8Product, "plain, adding")
  }

  @Test("a row that is not finite makes its results NaN, and no others")
  func notFinite() {
    guard isAvailable(.int8) else { return }
    var left = fixedTensor(shape: [3, 64])
    left.elements[70] = .infinity
    let right = Matrix(fixedTensor(shape: [32, 64], phase: 1), precision: .int8)
    let result = Tensor.product(
      Matrix(left, precision: .bfloat16),
      right,
      transposingRight: true
    )
    #expect(result.elements[32..<64].allSatisfy { $0.isNaN })
    #expect(result.elements[..<32].allSatisfy { $0.isFinite })
    #expect(result.elements[64...].allSatisfy { $0.isFinite })
  }

  @Test("rows of zeros, and rows too small to scale, count as zeros")
  func zeros() {
    guard isAvailable(.int8) else { return }
    var left = Tensor(shape: [2, 32])
    left.elements[40] = 1e-38
    let right = Matrix(fixedTensor(shape: [8, 32]), precision: .int8)
    let result = Tensor.product(
      Matrix(left, precision: .bfloat16),
      right,
      transposingRight: true
    )
    #expect(result.elements.allSatisfy { $0 == 0 })
  }
}
