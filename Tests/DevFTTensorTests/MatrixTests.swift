import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Matrices")
struct MatrixTests {
  @Test("take all axes but the last as rows")
  func shape() {
    let matrix = Matrix(fixedTensor(shape: [2, 3, 5]), precision: .float32)
    #expect((matrix.rows, matrix.columns) == (6, 5))
    #expect(matrix.byteCount == 6 * 5 * 4)
    #expect(Matrix(fixedTensor(shape: [7]), precision: .bfloat16).byteCount == 14)
  }

  @Test("give back float32 numbers exactly and bfloat16 numbers rounded")
  func contents() {
    let tensor = fixedTensor(shape: [4, 7])
    expectSameBits(Matrix(tensor, precision: .float32).tensor, tensor)
    let rounded = tensor.elements.map { widened(referenceBFloat16($0)) }
    let matrix = Matrix(tensor, precision: .bfloat16)
    expectSameBits(matrix.tensor, Tensor(shape: [4, 7], elements: rounded))
    #expect(matrix.precision == .bfloat16)
  }

  @Test("gather chosen rows, repeated and in any order", arguments: Precision.operandTypes)
  func gathered(_ precision: Precision) {
    let matrix = Matrix(fixedTensor(shape: [5, 3]), precision: precision)
    let rows = [4, 0, 4, 2]
    let expected = rows.flatMap { matrix.tensor.elements[$0 * 3..<$0 * 3 + 3] }
    expectSameBits(matrix.gatheredRows(rows), Tensor(shape: [4, 3], elements: expected))
    #expect(matrix.gatheredRows([]).shape == [0, 3])
  }
}
