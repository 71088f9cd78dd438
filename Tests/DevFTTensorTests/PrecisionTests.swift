import DevFTTensor
import Testing

@Suite("Precisions")
struct PrecisionTests {
  @Test("keep the names that configurations use")
  func names() {
    #expect(Precision.allCases.map { $0.rawValue } == ["f32", "bf16", "int8"])
    #expect(Precision.allCases.map { $0.byteCount } == [4, 2, 1])
  }

  @Test("fall back to float32 where the CPU lacks them, and only there")
  func fallback() {
    #expect(Precision.float32.isSupported)
    #expect(Precision.float32.orFallback == .float32)
    let isSupported = Precision.bfloat16.isSupported
    #expect(Precision.bfloat16.orFallback == (isSupported ? .bfloat16 : .float32))
    #expect(Precision.int8.orFallback == (Precision.int8.isSupported ? .int8 : .float32))
  }

  @Test("int8 is for frozen matrices alone")
  func operands() {
    #expect(Precision.allCases.map { $0.operands } == [.float32, .bfloat16, .bfloat16])
  }
}
