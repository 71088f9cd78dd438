import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("The loss of hidden rows under a head")
struct HeadLossTests {
  private let rows = fixedTensor(shape: [37, 48])
  private let head = fixedTensor(shape: [301, 48], phase: 1)
  private let targets = (0..<37).map { Int32($0 * 8) }

  /// By definition, from operands as the products see them.
  private func expected(_ precision: Precision) -> (losses: [Double], gradient: Grid) {
    let (x, w) = (operand(rows, precision), operand(head, precision))
    let logits = referenceProduct(x, w.transposed)
    let shares = referenceCrossEntropyGradient(logits, targets: targets, scale: 0.25)
    return (referenceCrossEntropy(logits, targets: targets), referenceProduct(shares, w))
  }

  @Test("in blocks of any size", arguments: [1, 16, 36, 37, 64], Precision.operandTypes)
  func blocks(_ blockRows: Int, _ precision: Precision) {
    guard isAvailable(precision) else { return }
    let loss = HeadLoss(Matrix(head, precision: precision), blockRows: blockRows)
    let result = loss(
      Matrix(rows, precision: precision),
      targets: targets,
      gradientScale: 0.25
    )
    let wanted = expected(precision)
    #expect(abs(result.sum - wanted.losses.reduce(0, +)) < 1e-3)
    // A bfloat16 gradient is rounded to eight bits before it is multiplied.
    let tolerance =
      precision == .bfloat16 ? Tolerance(ofLargest: 0.01) : Tolerance(ofLargest: 1e-5)
    expectClose(result.gradient, wanted.gradient.values, tolerance)
  }

  @Test("without a gradient, and without rows")
  func nothing() {
    let loss = HeadLoss(Matrix(head, precision: .float32), blockRows: 8)
    let only = loss(Matrix(rows, precision: .float32), targets: targets, gradientScale: 0)
    #expect(abs(only.sum - expected(.float32).losses.reduce(0, +)) < 1e-3)
    #expect(only.gradient.elements.allSatisfy { $0 == 0 })
    let empty = Matrix(rows: 0, columns: 48, storage: .float32([]))
    #expect(loss(empty, targets: [], gradientScale: 1).sum == 0)
  }
}
