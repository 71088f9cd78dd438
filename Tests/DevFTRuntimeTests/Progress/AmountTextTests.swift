import Testing

@testable import DevFTRuntime

@Suite("Amounts for people")
struct AmountTextTests {
  @Test(
    "bytes have three digits and a decimal unit",
    arguments: [
      (0, "0 B"), (512, "512 B"), (999, "999 B"), (1000, "1.00 kB"), (12_345, "12.3 kB"),
      (999_499, "999 kB"), (999_500, "1.00 MB"), (12_300_000, "12.3 MB"), (99_960_000, "100 MB"),
      (1_120_000_000, "1.12 GB"), (Int.max, "9223372 TB"),
    ]
  )
  func bytes(byteCount: Int, text: String) { #expect(ByteCountText.text(byteCount) == text) }

  @Test(
    "durations change their units as they grow",
    arguments: [
      (0.0, "0.00 s"), (0.836, "0.84 s"), (9.996, "10.0 s"), (59.94, "59.9 s"),
      (59.96, "1 min 00 s"), (200, "3 min 20 s"), (3599.6, "1 h 00 min"), (7500, "2 h 05 min"),
    ]
  )
  func durations(seconds: Double, text: String) {
    #expect(DurationText.text(.seconds(seconds)) == text)
  }
}
