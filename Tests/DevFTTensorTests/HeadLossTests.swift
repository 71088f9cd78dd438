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

  @Test("a gradient of logits keeps what is far below the target's entry")
  func smallEntries() {
    guard isAvailable(.int8) else { return }
    // All logits alike: one entry near -1, and some thousand of 1/4096 that int8 would round to 0.
    let vocabulary = 4096
    let head = fixedTensor(shape: [vocabulary, 64], phase: 1)
    let rows = Matrix(Tensor(repeating: 1e-3, shape: [2, 64]), precision: .bfloat16)
    let exact = HeadLoss(Matrix(head, precision: .bfloat16), blockRows: 2)
    let mixed = HeadLoss(
      Matrix(head, precision: .int8),
      gradientHead: Matrix(head, precision: .bfloat16),
      blockRows: 2
    )
    let wanted = exact(rows, targets: [5, 77], gradientScale: 1).gradient
    let found = mixed(rows, targets: [5, 77], gradientScale: 1).gradient
    #expect(relativeDifference(found, wanted) < 0.01)
  }
}
