import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("A matrix made part by part")
struct MatrixBuilderTests {
  private let whole = fixedTensor(shape: [37, 96])

  private func built(_ form: MatrixBuilder.Form) -> Matrix {
    var builder = MatrixBuilder(rows: 37, columns: 96, form: form)
    for rows in [0..<5, 5..<6, 6..<37] {
      builder.append(whole.gatheredRows(Array(rows)))
    }
    return builder.matrix
  }

  @Test("holds the numbers of the whole", arguments: Precision.allCases)
  func numbers(_ precision: Precision) {
    guard isAvailable(precision) else { return }
    let matrix = built(.numbers(precision))
    #expect(matrix.rows == 37 && matrix.columns == 96 && matrix.precision == precision)
    expectSameBits(matrix.tensor, Matrix(whole, precision: precision).tensor)
  }

  @Test("in blocks holds them to half a step of the largest of each block")
  func blocks() {
    let matrix = built(.blocks(.float32))
    #expect(matrix.byteCount == 37 * 3 * 34)
    let found = matrix.tensor
    for start in stride(from: 0, to: whole.count, by: 32) {
      let block = start..<start + 32
      let largest = whole.elements[block].reduce(0) { max($0, abs($1)) }
      // Half a step, and the rounding of the scale to eleven bits.
      let allowed = largest / 127 * 0.5 + largest * 0x1p-11
      for place in block { #expect(abs(found.elements[place] - whole.elements[place]) <= allowed) }
    }
  }

  @Test("of zeros, and of numbers too small for a scale, is zero")
  func zeros() {
    var builder = MatrixBuilder(rows: 2, columns: 32, form: .blocks(.float32))
    builder.append(Tensor(shape: [1, 32]))
    builder.append(Tensor(repeating: 1e-9, shape: [1, 32]))
    #expect(builder.matrix.tensor.elements.allSatisfy { $0 == 0 })
  }

  @Test(
    "in blocks does not hide what is no number",
    arguments: [Float.nan, .infinity, -.infinity, 1e30]
  )
  func special(_ value: Float) {
    var part = fixedTensor(shape: [2, 64])
    part.elements[40] = value
    var builder = MatrixBuilder(rows: 2, columns: 64, form: .blocks(.float32))
    builder.append(part)
    let found = builder.matrix.tensor.elements
    #expect(found[32..<64].allSatisfy { $0.isNaN })
    #expect((found[..<32] + found[64...]).allSatisfy { $0.isFinite })
  }

  @Test("keeps rows as numbers that are no whole number of blocks")
  func oddColumns() {
    var builder = MatrixBuilder(rows: 3, columns: 5, form: .blocks(.float32))
    let part = fixedTensor(shape: [3, 5])
    builder.append(part)
    expectSameBits(builder.matrix.tensor, part)
  }
}
