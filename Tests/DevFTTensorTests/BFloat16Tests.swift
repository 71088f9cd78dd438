import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Rounding to bfloat16")
struct BFloat16Tests {
  @Test("treats special values, ties and overflow as IEEE demands")
  func specialValues() {
    let cases: [(bits: UInt32, expected: UInt16)] = [
      (0x0000_0000, 0x0000), (0x8000_0000, 0x8000),  // zeros keep their sign
      (0x7f80_0000, 0x7f80), (0xff80_0000, 0xff80),  // infinities
      (0x3f80_8000, 0x3f80), (0x3f81_8000, 0x3f82),  // ties go to the even neighbour
      (0xbf80_8000, 0xbf80), (0xbf81_8000, 0xbf82),
      (0x3f80_7fff, 0x3f80), (0x3f80_8001, 0x3f81),  // just below and above a tie
      (0x3fff_8000, 0x4000), (0x3fff_ffff, 0x4000),  // the carry reaches the exponent
      (0x7f7f_7fff, 0x7f7f), (0x7f7f_8000, 0x7f80),  // the largest, and overflow to infinity
      (0x7f7f_ffff, 0x7f80), (0xff7f_ffff, 0xff80),
      (0x0000_0001, 0x0000), (0x0000_8000, 0x0000),  // denormals
      (0x0000_8001, 0x0001), (0x0001_8000, 0x0002), (0x007f_ffff, 0x0080),
    ]
    let rounded = roundedToBFloat16(cases.map { Float(bitPattern: $0.bits) })
    for (found, wanted) in zip(rounded, cases) {
      let label = "0x\(String(wanted.bits, radix: 16)) became 0x\(String(found, radix: 16))"
      #expect(found == wanted.expected, "\(label)")
      #expect(referenceBFloat16(Float(bitPattern: wanted.bits)) == wanted.expected)
    }
  }

  @Test("keeps NaN a NaN of the same sign", arguments: [0x7f80_0001, 0x7fff_ffff, 0xffff_8000])
  func nan(_ bits: UInt32) {
    let rounded = roundedToBFloat16([Float(bitPattern: bits)])[0]
    #expect(widened(rounded).isNaN)
    #expect(rounded >> 15 == UInt16(bits >> 31))
  }

  @Test("equals the nearest-neighbour reference over many bit patterns", arguments: 0..<8)
  func reference(_ seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "bfloat16")
    let numbers = (0..<2003).map { _ in Float(bitPattern: UInt32(stream.next() >> 32)) }
    #expect(roundedToBFloat16(numbers) == numbers.map(referenceBFloat16))
  }

  @Test("covers every block of a long array")
  func manyBlocks() {
    let numbers = fixedTensor(shape: [3 * 32768 + 17]).elements
    #expect(roundedToBFloat16(numbers) == numbers.map(referenceBFloat16))
    #expect(roundedToBFloat16([]) == [])
  }
}
