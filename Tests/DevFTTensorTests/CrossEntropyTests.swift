import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Cross-entropy")
struct CrossEntropyTests {
  /// Rows and vocabularies.
  static let shapes = [(1, 1), (1, 2), (3, 15), (5, 17), (4, 64), (9, 1009), (2, 49152)]

  @Test("has the loss of its definition and leaves the logits on request", arguments: shapes)
  func losses(_ rows: Int, _ vocabulary: Int) {
    let (logits, targets) = inputs(rows, vocabulary)
    var found = logits
    let losses = found.crossEntropy(targets: targets, gradientScale: 0)
    expectSameBits(found, logits)
    expectClose(losses, referenceCrossEntropy(Grid(logits), targets: targets), .crossEntropy)
  }

  @Test("turns the logits into the gradient of its definition", arguments: shapes)
  func gradient(_ rows: Int, _ vocabulary: Int) {
    let (logits, targets) = inputs(rows, vocabulary)
    var found = logits
    let losses = found.crossEntropy(targets: targets, gradientScale: 0.125)
    let expected = referenceCrossEntropyGradient(Grid(logits), targets: targets, scale: 0.125)
    expectClose(found, expected.values, .crossEntropy)
    expectClose(losses, referenceCrossEntropy(Grid(logits), targets: targets), .crossEntropy)
  }

  @Test("has the gradient that central differences find")
  func differences() {
    let (logits, targets) = inputs(3, 19)
    var found = logits
    _ = found.crossEntropy(targets: targets, gradientScale: 0.5)
    let expected = centralDifferences(at: Grid(logits).values) { point in
      0.5 * referenceCrossEntropy(Grid(logits).with(point), targets: targets).reduce(0, +)
    }
    expectClose(found, expected, .centralDifferences)
  }

  @Test("is right for logits that are far apart, huge, or minus infinity")
  func extremes() {
    var logits = Tensor(
      shape: [5, 3],
      elements: [
        100, -100, 0, 3e38, 0, -3e38, 1e4, 1e4, -1e4, -.infinity, 2, 1, -1e30, -1e30, -1e30,
      ]
    )
    let targets: [Int32] = [1, 0, 1, 2, 0]
    let expected = [200, 0, log(2.0), 1 + log(1 + exp(-1.0)), log(3.0)]
    let found = logits.crossEntropy(targets: targets, gradientScale: 1)
    expectClose(found, expected, Tolerance(relative: 2e-6, ofLargest: 1e-9))
    let gradients: [Double] = [
      1, -1, 0, 0, 0, 0, 0.5, -0.5, 0, 0, 1 / (1 + exp(-1.0)), -1 / (1 + exp(-1.0)), -2 / 3.0,
      1 / 3.0, 1 / 3.0,
    ]
    expectClose(logits, gradients, Tolerance(relative: 2e-6, ofLargest: 1e-7))
  }

  @Test("is NaN where a logit is NaN or plus infinity, and only in that row")
  func nonFinite() {
    var logits = fixedTensor(shape: [4, 40])
    logits.elements[33] = .nan
    logits.elements[80] = .infinity
    let losses = logits.crossEntropy(targets: [1, 2, 3, 4], gradientScale: 1)
    #expect(losses.map { $0.isNaN } == [true, false, true, false])
  }

  private func inputs(_ rows: Int, _ vocabulary: Int) -> (logits: Tensor, targets: [Int32]) {
    let ramp = fixedTensor(shape: [rows, vocabulary])
    let logits = ramp.elements.map { 9 * $0 - 4 }
    let targets = (0..<rows).map { Int32(($0 * 7919 + 5) % vocabulary) }
    return (Tensor(shape: [rows, vocabulary], elements: logits), targets)
  }
}
