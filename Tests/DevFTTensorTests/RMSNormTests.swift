import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("RMSNorm")
struct RMSNormTests {
  /// Rows and widths: one, primes, around the 16 lanes, more rows than one task takes.
  static let shapes = [
    (1, 1), (1, 2), (2, 15), (3, 16), (5, 17), (7, 64), (33, 80), (65, 127), (31, 576), (2, 4099),
  ]
  private let epsilon: Float = 1e-5

  @Test("equals its definition", arguments: shapes)
  func forward(_ rows: Int, _ width: Int) {
    let (x, gain) = inputs(rows, width)
    let found = x.rmsNormalised(gain: gain, epsilon: epsilon)
    let expected = referenceRMSNorm(
      Grid(x),
      gain: Grid(gain).values,
      epsilon: Double(epsilon)
    )
    expectClose(found, expected.values, .rmsNorm)
  }

  @Test("of operands is that of their numbers", arguments: shapes)
  func operands(_ rows: Int, _ width: Int) {
    let (x, gain) = inputs(rows, width)
    for precision in [Precision.float32, .bfloat16] where precision.isSupported {
      let input = Matrix(x, precision: precision)
      let found = input.rmsNormalised(gain: gain, epsilon: epsilon)
      let expected = input.tensor.rmsNormalised(
        gain: gain,
        epsilon: epsilon,
        precision: precision
      )
      #expect(found.precision == precision)
      expectSameBits(found.tensor, expected.tensor)
    }
  }

  @Test("adds the gradient of its definition", arguments: shapes)
  func gradient(_ rows: Int, _ width: Int) {
    let (x, gain) = inputs(rows, width)
    let gradient = fixedTensor(shape: [rows, width], phase: 2)
    let start = fixedTensor(shape: [rows, width], phase: 3)
    var found = start
    found.addRMSNormGradient(gradient, input: x, gain: gain, epsilon: epsilon)
    let added = referenceRMSNormGradient(
      Grid(gradient),
      x: Grid(x),
      gain: Grid(gain).values,
      epsilon: Double(epsilon)
    )
    let expected = zip(added.values, start.elements).map { $0.0 + Double($0.1) }
    expectClose(found, expected, .rmsNormGradient)
  }

  @Test("has the gradient that central differences find")
  func differences() {
    let (x, gain) = inputs(3, 19)
    let factors = fixedTensor(shape: [3, 19], phase: 2)
    var found = Tensor(shape: [3, 19])
    found.addRMSNormGradient(factors, input: x, gain: gain, epsilon: epsilon)
    let expected = centralDifferences(at: Grid(x).values) { point in
      let output = referenceRMSNorm(
        Grid(x).with(point),
        gain: Grid(gain).values,
        epsilon: Double(epsilon)
      )
      return innerProduct(output.values, Grid(factors).values)
    }
    expectClose(found, expected, .centralDifferences)
  }

  @Test("leaves a row of zeros at zero and carries NaN on")
  func edges() {
    var x = fixedTensor(shape: [3, 20])
    for index in 0..<20 { x.elements[index] = 0 }
    x.elements[45] = .nan
    let found = x.rmsNormalised(gain: Tensor(repeating: 2, shape: [20]), epsilon: epsilon)
    #expect(found.elements[0..<20].allSatisfy { $0 == 0 })
    #expect(found.elements[20..<40].allSatisfy { $0.isFinite && $0 != 0 })
    #expect(found.elements[40..<60].allSatisfy { $0.isNaN })
  }

  private func inputs(_ rows: Int, _ width: Int) -> (x: Tensor, gain: Tensor) {
    var x = fixedTensor(shape: [rows, width])
    // Rows of different sizes: a scale taken from the wrong row would show.
    for index in 0..<x.count { x.elements[index] *= Float(1 + index / width % 5) }
    var gain = fixedTensor(shape: [width], phase: 1)
    for index in 0..<width { gain.elements[index] += 1.5 }
    return (x, gain)
  }
}
