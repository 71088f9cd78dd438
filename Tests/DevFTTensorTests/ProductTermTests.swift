import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("A second product in the same pass")
struct ProductTermTests {
  /// Rows, and columns of three parts: around the borders of tiles, and a single row.
  static let shapes = [
    (1, [3, 5, 2]), (7, [64, 32, 32]), (300, [576, 192, 192]), (513, [40, 390, 9]),
  ]

  private let inner = 33
  private let rank = 4

  /// The frozen operand of a product, in both layouts.
  private func frozen(_ columns: Int, _ precision: Precision, transposed: Bool) -> Matrix {
    let shape = transposed ? [columns, inner] : [inner, columns]
    return Matrix(fixedTensor(shape: shape, phase: 1), precision: precision)
  }

  @Test("is added to its columns", arguments: shapes, Precision.allCases)
  func parts(_ shape: (rows: Int, parts: [Int]), _ precision: Precision) {
    guard isAvailable(precision) else { return }
    let narrow = precision.operands
    let columns = shape.parts.reduce(0, +)
    let left = Matrix(fixedTensor(shape: [shape.rows, inner]), precision: narrow)
    let hidden = Matrix(fixedTensor(shape: [shape.rows, 3 * rank], phase: 2), precision: narrow)
    for transposed in [true, false] {
      let right = frozen(columns, precision, transposed: transposed)
      var (terms, first): ([ProductTerm], Int) = ([], 0)
      var expected = Tensor.product(left, right, transposingRight: transposed)
      // The middle part has no share.
      for (index, count) in shape.parts.enumerated() {
        defer { first += count }
        guard index != 1 else { continue }
        let term = Matrix(
          fixedTensor(shape: transposed ? [count, rank] : [rank, count], phase: 3),
          precision: narrow
        )
        let part = MatrixColumns(hidden, index * rank..<(index + 1) * rank)
        terms.append(ProductTerm(part, term, firstColumn: first))
        let share = referenceProduct(
          Grid(hidden.tensor.columns(part.range, ofRows: 0..<shape.rows)),
          transposed ? Grid(term.tensor).transposed : Grid(term.tensor)
        )
        for row in 0..<shape.rows {
          for column in 0..<count {
            expected.elements[row * columns + first + column] += Float(share[row, column])
          }
        }
      }
      let found = Tensor.product(left, right, transposingRight: transposed, plus: terms)
      expectClose(found, expected.elements.map { Double($0) }, .product(inner: inner))
      let rounded = Matrix.product(left, right, transposingRight: transposed, plus: terms)
      #expect(rounded.precision == narrow)
      expectSameBits(rounded.tensor, Matrix(found, precision: narrow).tensor)
    }
  }

  @Test("products side by side are the products", arguments: Precision.operandTypes)
  func sideBySide(_ precision: Precision) {
    guard isAvailable(precision) else { return }
    let wide = Matrix(fixedTensor(shape: [70, 50]), precision: precision)
    let parts = [(0..<32, 3), (32..<33, 40), (33..<50, 8)].map { range, columns in
      (
        left: MatrixColumns(wide, range),
        right: Matrix(fixedTensor(shape: [range.count, columns], phase: 1), precision: precision)
      )
    }
    let found = Matrix.productsSideBySide(parts).tensor
    #expect(found.shape == [70, 51])
    var first = 0
    for (left, right) in parts {
      let alone = Matrix.product(
        Matrix(wide.tensor.columns(left.range, ofRows: 0..<70), precision: precision),
        right,
        transposingRight: false
      )
      let columns = first..<first + right.columns
      expectSameBits(found.columns(columns, ofRows: 0..<70), alone.tensor)
      first += right.columns
    }
  }

  @Test("columns on the right of a product", arguments: Precision.operandTypes)
  func columnsOnTheRight(_ precision: Precision) {
    guard isAvailable(precision) else { return }
    let left = Matrix(fixedTensor(shape: [32, 70]), precision: precision)
    let wide = Matrix(fixedTensor(shape: [70, 50], phase: 1), precision: precision)
    let part = Matrix(wide.tensor.columns(7..<49, ofRows: 0..<70), precision: precision)
    expectSameBits(
      .product(left, MatrixColumns(wide, 7..<49)),
      .product(left, part, transposingRight: false)
    )
  }
}
