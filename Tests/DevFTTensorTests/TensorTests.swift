import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Tensors")
struct TensorTests {
  @Test(
    "know their rows and columns",
    arguments: [
      ([2, 3, 5], 6, 5), ([4], 1, 4), ([], 1, 1), ([0, 3], 0, 3), ([3, 0], 0, 0),
    ]
  )
  func rowsAndColumns(_ shape: [Int], _ rows: Int, _ columns: Int) {
    let tensor = Tensor(repeating: 2, shape: shape)
    #expect((tensor.rowCount, tensor.columnCount) == (rows, columns))
    #expect(tensor.count == tensor.elements.count)
  }

  @Test("are values: a changed copy leaves the original")
  func values() {
    let original = fixedTensor(shape: [3, 4])
    var copy = original
    copy.scale(by: -2)
    #expect(original == fixedTensor(shape: [3, 4]))
    #expect(copy.elements == original.elements.map { -2 * $0 })
  }

  @Test("keep their numbers under another shape")
  func reshaped() {
    let tensor = fixedTensor(shape: [2, 6])
    let other = tensor.reshaped(to: [3, 2, 2])
    #expect(other.shape == [3, 2, 2])
    #expect(other.elements == tensor.elements)
    #expect(other != tensor)
  }

  @Test("differ in an error's code, not in its words")
  func errors() {
    let error = TensorError(.nonFinite, "loss of step 3: expected a finite number, got NaN")
    #expect(error.code != .productUnavailable)
    #expect("\(error.code)" == "nonFinite")
    #expect("\(error)" == "loss of step 3: expected a finite number, got NaN")
  }
}
