import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Rotary position embedding")
struct RotaryTableTests {
  /// Heads and head widths.
  static let shapes = [(1, 2), (3, 6), (9, 64), (2, 80), (4, 128)]

  @Test("rotates each pair by position times frequency", arguments: shapes)
  func rotation(_ heads: Int, _ width: Int) {
    let x = fixedTensor(shape: [positions.count, heads * width])
    var found = x
    table(width).rotate(&found, positions: positions)
    let expected = referenceRotation(Grid(x), positions: positions, frequencies: rates(width))
    expectClose(found, expected.values, .pairs)
  }

  @Test("is undone by the inverse", arguments: shapes)
  func inverse(_ heads: Int, _ width: Int) {
    let x = fixedTensor(shape: [positions.count, heads * width])
    var found = x
    table(width).rotate(&found, positions: positions)
    #expect(found != x)
    table(width).rotate(&found, positions: positions, inverse: true)
    expectClose(found, x, .pairs)
  }

  @Test("leaves position 0 as it is")
  func origin() {
    let x = fixedTensor(shape: [2, 12])
    var found = x
    table(6).rotate(&found, positions: [0, 0])
    expectSameBits(found, x)
  }

  /// Out of order, repeated, and more rows than one task takes.
  private let positions = (0..<70).map { Int32($0 * 37 % 61) }

  private func table(_ width: Int) -> RotaryTable {
    RotaryTable(frequencies: rates(width), positionCount: 61)
  }

  private func rates(_ width: Int) -> [Double] {
    (0..<width / 2).map { pow(100, -2 * Double($0) / Double(width)) }
  }
}
