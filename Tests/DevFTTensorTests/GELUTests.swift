import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("GELU")
struct GELUTests {
  /// Numbers from −12 to 12, zero among them, more than one vector's worth and no multiple of it.
  private let points = Tensor(
    shape: [4801],
    elements: (0...4800).map { Float($0 - 2400) / 200 }
  )

  private func value(_ x: Double) -> Double { x * 0.5 * erfc(-x / 2.0.squareRoot()) }

  @Test("equals its definition with the error function")
  func forward() {
    let found = points.gelu()
    for (x, y) in zip(points.elements, found.elements) {
      #expect(abs(Double(y) - value(Double(x))) <= 3e-7 * max(1, abs(Double(x))), "at \(x)")
    }
  }

  @Test("has the gradient of its definition")
  func gradient() {
    let factors = fixedTensor(shape: [4801], phase: 1)
    let found = points.geluGradient(factors)
    for index in points.elements.indices {
      let x = Double(points.elements[index])
      let slope =
        0.5 * erfc(-x / 2.0.squareRoot()) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      let expected = slope * Double(factors.elements[index])
      #expect(abs(Double(found.elements[index]) - expected) < 1e-6, "at \(x)")
    }
  }

  @Test("passes large numbers, drops their negatives and carries NaN on")
  func edges() {
    let found = Tensor(shape: [4], elements: [1e30, -1e30, .nan, 0]).gelu().elements
    #expect(found[0] == 1e30 && found[1] == 0 && found[2].isNaN && found[3] == 0)
  }
}
