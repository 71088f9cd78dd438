import Testing

@testable import DevFTFederation

@Suite("Block rounding")
struct BlockRoundingTests {
  /// 70 numbers: a whole block and a short one, the second a hundred times smaller.
  private let numbers: [Float] = (0..<70).map { i in
    let whole = Float((i * 37) % 65 - 32)
    return whole * (i < 64 ? 0.25 : 0.0025)
  }

  /// The formula, number by number, in double precision but for the bf16 scale.
  private func twin(_ numbers: [Float], bits: Int) -> [Float] {
    let most = Double((1 << (bits - 1)) - 1)
    return numbers.indices.map { i in
      let start = i / 64 * 64
      let block = numbers[start..<min(start + 64, numbers.count)]
      let largest = Double(block.map(abs).max() ?? 0)
      let scale = Double(roundedToBF16(Float(largest / most)))
      let nearest = (Double(numbers[i]) / scale).rounded(.toNearestOrEven)
      return Float(scale * min(most, max(-most, nearest)))
    }
  }

  @Test("is the formula", arguments: [4, 8])
  func formula(bits: Int) {
    let rounded = BlockRounding(bits: bits).rounded(numbers)
    for (found, expected) in zip(rounded, twin(numbers, bits: bits)) {
      let difference = abs(found - expected)
      #expect(difference <= 1e-6 * abs(expected))
    }
    #expect(Set(rounded[..<64]).count <= 1 << bits && rounded != numbers)
  }

  @Test("keeps zeros, survives tiny numbers, and never hides what is not finite")
  func special() {
    let rounding = BlockRounding(bits: 4)
    #expect(rounding.rounded([0, 0, 0]) == [0, 0, 0])
    #expect(rounding.rounded([]) == [])
    #expect(rounding.rounded([.leastNonzeroMagnitude]) == [0])
    let damaged = rounding.rounded([1, .infinity] + Array(repeating: 2, count: 70))
    #expect(damaged[..<64].allSatisfy(\.isNaN) && damaged[64...].allSatisfy { abs($0 - 2) < 0.01 })
  }

  @Test("costs its bits and two bytes a block")
  func bytes() {
    #expect(BlockRounding(bits: 4).byteCount(ofNumbers: 65) == 33 + 4)
    #expect(BlockRounding(bits: 8).byteCount(ofNumbers: 64) == 64 + 2)
    #expect(BlockRounding(bits: 8).byteCount(ofNumbers: 0) == 0)
  }
}
