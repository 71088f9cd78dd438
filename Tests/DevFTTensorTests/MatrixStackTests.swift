import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Matrices below one another")
struct MatrixStackTests {
  @Test("hold the rows of each", arguments: Precision.allCases)
  func numbers(_ precision: Precision) {
    guard isAvailable(precision) else { return }
    let tensors = [2, 1, 5].map { fixedTensor(shape: [$0, 64], phase: Double($0)) }
    let stack = Matrix(stacking: tensors.map { Matrix($0, precision: precision) })
    #expect(stack.rows == 8 && stack.columns == 64 && stack.precision == precision)
    let all = Tensor(shape: [8, 64], elements: tensors.flatMap(\.elements))
    expectSameBits(stack.tensor, Matrix(all, precision: precision).tensor)
  }

  @Test("stay stored, and multiply as if they were expanded", arguments: Precision.operandTypes)
  func stored(_ precision: Precision) {
    guard isAvailable(precision) else { return }
    let parts = [300, 40, 100].map { rows in
      var builder = MatrixBuilder(rows: rows, columns: 96, form: .blocks(precision))
      builder.append(fixedTensor(shape: [rows, 96], phase: Double(rows)))
      return builder.matrix
    }
    let stack = Matrix(stacking: parts)
    #expect(stack.byteCount == 440 * 3 * 34)
    let expanded = Matrix(stack.tensor, precision: precision)
    let own = [(299, parts[0], 299), (300, parts[1], 0), (439, parts[2], 99)]
    for (row, part, place) in own {
      expectSameBits(stack.gatheredRows([row]), part.gatheredRows([place]))
    }
    let wide = Matrix(fixedTensor(shape: [20, 96]), precision: precision)
    expectSameBits(
      .product(wide, stack, transposingRight: true),
      .product(wide, expanded, transposingRight: true)
    )
    let tall = Matrix(fixedTensor(shape: [20, 440]), precision: precision)
    expectSameBits(
      .product(tall, stack, transposingRight: false),
      .product(tall, expanded, transposingRight: false)
    )
  }

  @Test("transposed twice is the same", arguments: Precision.operandTypes)
  func transposed(_ precision: Precision) {
    guard isAvailable(precision) else { return }
    for (rows, columns) in [(1, 5), (70, 33), (200, 96)] {
      let matrix = Matrix(fixedTensor(shape: [rows, columns]), precision: precision)
      let turned = matrix.transposed()
      #expect(turned.rows == columns && turned.columns == rows)
      expectSameBits(turned.tensor, matrix.tensor.transposed())
      expectSameBits(turned.transposed().tensor, matrix.tensor)
    }
  }
}
