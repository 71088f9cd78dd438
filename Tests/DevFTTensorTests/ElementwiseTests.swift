import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Elementwise operations equal their definitions")
struct ElementwiseTests {
  /// One number, primes, and counts around the blocks of 32768 that tasks work on.
  static let counts = [1, 2, 7, 16, 31, 257, 32767, 32769, 70001]

  @Test("sums", arguments: counts)
  func add(_ count: Int) {
    let (a, b) = (fixedTensor(shape: [count]), fixedTensor(shape: [count], phase: 1))
    var sum = a
    sum.add(b)
    #expect(sum.elements == zip(a.elements, b.elements).map { $0 + $1 })
  }

  @Test("multiples, by one and by zero too", arguments: counts, [Float(-0.3), 1, 0])
  func scale(_ count: Int, _ factor: Float) {
    let tensor = fixedTensor(shape: [count])
    var scaled = tensor
    scaled.scale(by: factor)
    #expect(scaled.elements == tensor.elements.map { $0 * factor })
  }

  @Test("one row added to every row", arguments: [(1, 1), (3, 1), (1, 17), (5, 31), (64, 80)])
  func addToRows(_ rows: Int, _ columns: Int) {
    let tensor = fixedTensor(shape: [rows, columns])
    let row = fixedTensor(shape: [columns], phase: 1)
    var sum = tensor
    sum.addToRows(row)
    let expected = tensor.elements.enumerated().map { $1 + row.elements[$0 % columns] }
    #expect(sum.elements == expected)
  }

  @Test("the sum of squares, in double precision", arguments: counts)
  func squaredNorm(_ count: Int) {
    let tensor = fixedTensor(shape: [count])
    let expected = tensor.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
    expectClose([tensor.squaredNorm], [expected], .doubleSum)
  }

  @Test("the sum of squares neither overflows nor drops NaN")
  func squaredNormExtremes() {
    #expect(Tensor(shape: [2], elements: [3e38, 2e38]).squaredNorm > 1e76)
    #expect(Tensor(shape: [3], elements: [1, .nan, 2]).squaredNorm.isNaN)
    #expect(Tensor(shape: [0], elements: []).squaredNorm == 0)
  }

  @Test("the transpose", arguments: [(1, 1), (1, 9), (9, 1), (15, 17), (16, 32), (33, 100)])
  func transposed(_ rows: Int, _ columns: Int) {
    let tensor = fixedTensor(shape: [rows, columns])
    expectSameBits(tensor.transposed(), float32(Grid(tensor).transposed))
  }
}
