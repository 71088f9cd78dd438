import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("SwiGLU")
struct SwiGLUTests {
  /// Gates of every size that occurs, signs alternating, up to beyond where `exp` leaves float32.
  private static let gates: [Float] = [
    0, 0.5, -1.5, 3, -8, 15, -20, 40, -60, 80, -87, 88, -88.5, 89, -100, 100, -1e4, 1e4,
    -1e30, 1e30, -3e38,
  ]

  @Test("equals its definition", arguments: ElementwiseTests.counts)
  func forward(_ count: Int) {
    let (gate, up) = (wide(count), fixedTensor(shape: [count], phase: 1))
    let expected = referenceSwiGLU(gate: numbers(gate), up: numbers(up))
    expectClose(Tensor.swiGLU(gate: gate, up: up), expected, .swiGLU)
  }

  @Test("has the gradient of its definition", arguments: ElementwiseTests.counts)
  func gradient(_ count: Int) {
    let (gate, up) = (wide(count), fixedTensor(shape: [count], phase: 1))
    let gradient = fixedTensor(shape: [count], phase: 2)
    let found = Tensor.swiGLUGradient(gradient, gate: gate, up: up)
    let expected = referenceSwiGLUGradient(
      numbers(gradient),
      gate: numbers(gate),
      up: numbers(up)
    )
    expectClose(found.gate, expected.gate, .swiGLUGradient, "gate")
    expectClose(found.up, expected.up, .swiGLUGradient, "up")
  }

  @Test("has the gradient that central differences find")
  func differences() {
    let (gate, up) = (wide(23), fixedTensor(shape: [23], phase: 1))
    let factors = fixedTensor(shape: [23], phase: 2)
    let found = Tensor.swiGLUGradient(factors, gate: gate, up: up)
    let byGate = centralDifferences(at: numbers(gate)) {
      innerProduct(referenceSwiGLU(gate: $0, up: numbers(up)), numbers(factors))
    }
    let byUp = centralDifferences(at: numbers(up)) {
      innerProduct(referenceSwiGLU(gate: numbers(gate), up: $0), numbers(factors))
    }
    expectClose(found.gate, byGate, .centralDifferences, "gate")
    expectClose(found.up, byUp, .centralDifferences, "up")
  }

  @Test("is right one by one where the exponential saturates", arguments: gates)
  func extremes(_ value: Float) {
    let gate = Tensor(shape: [1], elements: [value])
    let up = Tensor(shape: [1], elements: [0.75])
    let wanted = referenceSwiGLU(gate: [Double(value)], up: [0.75])
    expectClose(Tensor.swiGLU(gate: gate, up: up), denormalsAsZero(wanted), .swiGLUExtreme)
    let found = Tensor.swiGLUGradient(up, gate: gate, up: up)
    let gradients = referenceSwiGLUGradient([0.75], gate: [Double(value)], up: [0.75])
    expectClose(found.gate, denormalsAsZero(gradients.gate), .swiGLUExtreme, "gate")
    expectClose(found.up, denormalsAsZero(gradients.up), .swiGLUExtreme, "up")
  }

  @Test("carries NaN on")
  func nan() {
    let gate = Tensor(shape: [2], elements: [.nan, 1])
    let up = Tensor(shape: [2], elements: [1, .nan])
    #expect(Tensor.swiGLU(gate: gate, up: up).elements.allSatisfy { $0.isNaN })
  }

  /// Below float32's normal range nothing is promised but 0.
  private func denormalsAsZero(_ numbers: [Double]) -> [Double] {
    numbers.map { abs($0) < 1e-35 ? 0 : $0 }
  }

  private func wide(_ count: Int) -> Tensor {
    let tensor = fixedTensor(shape: [count])
    return Tensor(shape: [count], elements: tensor.elements.map { 12 * $0 })
  }

  private func numbers(_ tensor: Tensor) -> [Double] { tensor.elements.map { Double($0) } }
}
