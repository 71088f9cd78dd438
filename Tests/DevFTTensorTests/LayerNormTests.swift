import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Layer norm")
struct LayerNormTests {
  private let epsilon: Float = 1e-5

  @Test("equals its definition", arguments: RMSNormTests.shapes)
  func forward(_ rows: Int, _ width: Int) {
    let (x, gain, bias) = inputs(rows, width)
    let found = x.layerNormalised(gain: gain, bias: bias, epsilon: epsilon)
    expectClose(found, reference(Grid(x), gain, bias).values, .rmsNorm)
  }

  @Test("has the gradient that central differences find", arguments: [(3, 19), (2, 33), (5, 16)])
  func gradient(_ rows: Int, _ width: Int) {
    let (x, gain, bias) = inputs(rows, width)
    let factors = fixedTensor(shape: [rows, width], phase: 2)
    let found = x.layerNormGradient(factors, gain: gain, epsilon: epsilon)
    let expected = centralDifferences(at: Grid(x).values) { point in
      innerProduct(reference(Grid(x).with(point), gain, bias).values, Grid(factors).values)
    }
    expectClose(found, expected, .centralDifferences)
  }

  @Test("keeps the variance of rows far from zero")
  func farFromZero() {
    let (x, gain, bias) = inputs(3, 40)
    var far = x
    for index in far.elements.indices {
      far.elements[index] = (x.elements[index] * 8).rounded() + 4096
    }
    let found = far.layerNormalised(gain: gain, bias: bias, epsilon: epsilon)
    // The mean itself is good to 2e-4 here; a variance from squares near 2²⁴ would be off by a hundredth.
    expectClose(found, reference(Grid(far), gain, bias).values, Tolerance(ofLargest: 1e-4))
  }

  @Test("gives the bias for a row of equal numbers and carries NaN on")
  func edges() {
    var x = Tensor(repeating: 3, shape: [2, 20])
    x.elements[25] = .nan
    let bias = fixedTensor(shape: [20])
    let found = x.layerNormalised(
      gain: Tensor(repeating: 2, shape: [20]),
      bias: bias,
      epsilon: epsilon
    )
    #expect(Array(found.elements[0..<20]) == bias.elements)
    #expect(found.elements[20..<40].allSatisfy { $0.isNaN })
  }

  private func reference(_ x: Grid, _ gain: Tensor, _ bias: Tensor) -> Grid {
    referenceLayerNorm(
      x,
      gain: Grid(gain).values,
      bias: Grid(bias).values,
      epsilon: Double(epsilon)
    )
  }

  private func inputs(_ rows: Int, _ width: Int) -> (x: Tensor, gain: Tensor, bias: Tensor) {
    var x = fixedTensor(shape: [rows, width])
    // Rows of different sizes and means: those of the wrong row would show.
    for index in 0..<x.count { x.elements[index] *= Float(1 + index / width % 5) }
    var gain = fixedTensor(shape: [width], phase: 1)
    for index in 0..<width { gain.elements[index] += 1.5 }
    return (x, gain, fixedTensor(shape: [width], phase: 4))
  }
}
