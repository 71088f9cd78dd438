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
    expectClose(swiGLU(gate, up), expected, .swiGLU)
  }

  @Test("has the gradient of its definition", arguments: ElementwiseTests.counts)
  func gradient(_ count: Int) {
    let (gate, up) = (wide(count), fixedTensor(shape: [count], phase: 1))
    let gradient = fixedTensor(shape: [count], phase: 2)
    let found = swiGLUGradient(gradient, gate, up)
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
    let found = swiGLUGradient(factors, gate, up)
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
    expectClose(swiGLU(gate, up), denormalsAsZero(wanted), .swiGLUExtreme)
    let found = swiGLUGradient(up, gate, up)
    let gradients = referenceSwiGLUGradient([0.75], gate: [Double(value)], up: [0.75])
    expectClose(found.gate, denormalsAsZero(gradients.gate), .swiGLUExtreme, "gate")
    expectClose(found.up, denormalsAsZero(gradients.up), .swiGLUExtreme, "up")
  }

  @Test("carries NaN on")
  func nan() {
    let gate = Tensor(shape: [2], elements: [.nan, 1])
    let up = Tensor(shape: [2], elements: [1, .nan])
    #expect(swiGLU(gate, up).elements.allSatisfy { $0.isNaN })
  }

  @Test("of bfloat16 rounds what float32 gives", arguments: ElementwiseTests.counts)
  func bfloat16(_ count: Int) {
    guard count > 0 else { return }
    let packed = Matrix(fixedTensor(shape: [3, 2 * count]), precision: .bfloat16)
    let gradient = Matrix(fixedTensor(shape: [3, count], phase: 2), precision: .bfloat16)
    let wide = Matrix(packed.tensor, precision: .float32)
    let wideGradient = Matrix(gradient.tensor, precision: .float32)
    expectRounded(Matrix.swiGLU(packed), Matrix.swiGLU(wide))
    expectRounded(
      Matrix.swiGLUGradient(gradient, gateUp: packed),
      Matrix.swiGLUGradient(wideGradient, gateUp: wide)
    )
  }

  /// The same numbers after rounding; the two kernels may differ in the last place before it.
  private func expectRounded(_ found: Matrix, _ expected: Matrix) {
    for (number, wanted) in zip(found.tensor.elements, expected.tensor.elements) {
      #expect(abs(number - wanted) <= abs(wanted) * 0x1.01p-8)
    }
  }

  private func swiGLU(_ gate: Tensor, _ up: Tensor) -> Tensor {
    Matrix.swiGLU(packed(gate, up)).tensor.reshaped(to: gate.shape)
  }

  private func swiGLUGradient(_ gradient: Tensor, _ gate: Tensor, _ up: Tensor)
    -> (gate: Tensor, up: Tensor)
  {
    let row = gradient.reshaped(to: [1, gradient.count])
    let found = Matrix.swiGLUGradient(
      Matrix(row, precision: .float32),
      gateUp: packed(gate, up)
    ).tensor.elements
    return (
      Tensor(shape: gate.shape, elements: Array(found[..<gate.count])),
      Tensor(shape: gate.shape, elements: Array(found[gate.count...]))
    )
  }

  /// One row of gates and ups.
  private func packed(_ gate: Tensor, _ up: Tensor) -> Matrix {
    Matrix(
      Tensor(shape: [1, 2 * gate.count], elements: gate.elements + up.elements),
      precision: .float32
    )
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
