// Runs every kernel over odd shapes on heap buffers of exactly the documented size, so that the
// address sanitizer sees each read and write past an end, and compares the results with naive
// loops. The precise comparison is the Swift tests'; here a coarse one shows that all was computed.
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CDevFTKernels.h"

static float *filled(size_t count, double phase) {
  float *numbers = malloc(count * sizeof *numbers);
  assert(numbers || count == 0);
  for (size_t i = 0; i < count; i++) numbers[i] = (float)sin(0.731 * (double)i + phase);
  return numbers;
}

static float *copied(const float *source, size_t count) {
  float *numbers = malloc(count * sizeof *numbers);
  memcpy(numbers, source, count * sizeof *numbers);
  return numbers;
}

static void expect_close(double found, double wanted, const char *what) {
  if (fabs(found - wanted) <= 1e-4 * (1 + fabs(wanted))) return;
  fprintf(stderr, "%s: %.9g instead of %.9g\n", what, found, wanted);
  abort();
}

static const size_t counts[] = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 127, 1009};
enum { COUNTS = sizeof counts / sizeof *counts };

static double silu(double g) { return g / (1 + exp(-g)); }

static void check_swiglu(size_t rows, size_t width) {
  size_t n = rows * width;
  float *x = filled(2 * n, 0), *g = filled(n, 2), *out = filled(n, 3), *back = filled(2 * n, 4);
  devft_swiglu_forward(x, out, rows, width);
  devft_swiglu_backward(x, g, back, rows, width);
  for (size_t i = 0; i < n; i++) {
    size_t at = i / width * 2 * width + i % width;
    double gate = x[at], up = x[at + width], s = 1 / (1 + exp(-gate));
    expect_close(out[i], silu(gate) * up, "swiglu");
    expect_close(back[at + width], g[i] * silu(gate), "swiglu up");
    expect_close(back[at], g[i] * up * s * (1 + gate * (1 - s)), "swiglu gate");
  }
  free(x), free(g), free(out), free(back);
}

static void check_elementwise(size_t n) {
  float *a = filled(n, 0), *b = filled(n, 1);
  double norm = 0;
  for (size_t i = 0; i < n; i++) norm += (double)a[i] * a[i];
  expect_close(devft_squared_norm(a, n), norm, "squared norm");
  devft_add(a, b, n);
  devft_scale(b, 0.5f, n);
  for (size_t i = 0; i < n; i++)
    expect_close(b[i], 0.5 * (a[i] + sin(0.731 * (double)i + 1)), "add and scale");
  free(a), free(b);
}

static void check_narrow_swiglu(size_t rows, size_t width) {
  size_t n = rows * width;
  float *x = filled(2 * n, 0), *g = filled(n, 2), *out = filled(n, 3), *back = filled(2 * n, 4);
  uint16_t *input = malloc(4 * n), *gradient = malloc(2 * n), *found = malloc(4 * n);
  devft_f32_to_bf16(x, input, 2 * n), devft_f32_to_bf16(g, gradient, n);
  devft_bf16_to_f32(input, x, 2 * n), devft_bf16_to_f32(gradient, g, n);
  devft_swiglu_forward(x, out, rows, width);
  devft_swiglu_forward_bf16(input, found, rows, width);
  devft_bf16_to_f32(found, back, n);
  for (size_t i = 0; i < n; i++) assert(fabsf(back[i] - out[i]) <= fabsf(out[i]) / 255);
  float *narrow = filled(2 * n, 5);
  devft_swiglu_backward(x, g, back, rows, width);
  devft_swiglu_backward_bf16(input, gradient, found, rows, width);
  devft_bf16_to_f32(found, narrow, 2 * n);
  for (size_t i = 0; i < 2 * n; i++)
    assert(fabsf(narrow[i] - back[i]) <= fabsf(back[i]) / 255);
  free(x), free(g), free(out), free(back), free(narrow), free(input), free(gradient), free(found);
}

static void check_layer_norm(size_t rows, size_t width) {
  size_t n = rows * width;
  float *x = filled(n, 0), *gain = filled(width, 1), *bias = filled(width, 2), *g = filled(n, 3);
  float *out = filled(n, 4), *grad = filled(n, 5);
  devft_layernorm_forward(x, gain, bias, 1e-5f, out, rows, width);
  devft_layernorm_backward(x, gain, 1e-5f, g, grad, rows, width);
  for (size_t r = 0; r < rows; r++) {
    const float *xr = x + r * width, *gr = g + r * width;
    double mean = 0, square = 0, sum = 0, along = 0, length = (double)width;
    for (size_t i = 0; i < width; i++) mean += xr[i] / length;
    for (size_t i = 0; i < width; i++) square += (xr[i] - mean) * (xr[i] - mean) / length;
    double scale = 1 / sqrt(square + 1e-5);
    for (size_t i = 0; i < width; i++) {
      sum += (double)gr[i] * gain[i] / length;
      along += (double)gr[i] * gain[i] * (xr[i] - mean) * scale * scale / length;
    }
    for (size_t i = 0; i < width; i++) {
      expect_close(out[r * width + i], (xr[i] - mean) * scale * gain[i] + bias[i], "layer norm");
      double slope = scale * (gr[i] * gain[i] - sum - (xr[i] - mean) * along);
      // With one number in a row all is zero but for rounding.
      if (width > 2) expect_close(grad[r * width + i], slope, "layer norm grad");
    }
  }
  free(x), free(gain), free(bias), free(g), free(out), free(grad);
}

static void check_gelu(size_t n) {
  float *x = filled(n, 0), *g = filled(n, 1), *out = filled(n, 2), *grad = filled(n, 3);
  devft_gelu_forward(x, out, n);
  devft_gelu_backward(x, g, grad, n);
  for (size_t i = 0; i < n; i++) {
    double cumulative = erfc(-x[i] / sqrt(2)) / 2;
    double density = exp(-0.5 * x[i] * x[i]) / sqrt(2 * acos(-1));
    expect_close(out[i], x[i] * cumulative, "gelu");
    expect_close(grad[i], g[i] * (cumulative + x[i] * density), "gelu grad");
  }
  free(x), free(g), free(out), free(grad);
}

static void check_special_values(void) {
  const float values[] = {0,      -0.0f, 1e-45f,   -1e38f,    3e38f, 88.4f,
                          -88.4f, 1e4f,  INFINITY, -INFINITY, NAN};
  enum { N = sizeof values / sizeof *values };
  float *a = copied(values, N), *out = filled(2 * N, 0);
  float both[2 * N];
  memcpy(both, values, sizeof values), memcpy(both + N, values, sizeof values);
  devft_swiglu_forward(both, out, 1, N);
  assert(isnan(out[N - 1]));
  devft_swiglu_backward(both, a, out, 1, N);
  uint16_t *half = malloc(N * sizeof *half);
  devft_f32_to_bf16(a, half, N);
  devft_bf16_to_f32(half, out, N);
  assert(isnan(out[N - 1]) && isinf(out[N - 2]) && signbit(out[1]));
  int32_t target = 3;
  double loss;
  devft_cross_entropy(a, &target, 1, &loss, 1, N);
  assert(isnan(loss));
  free(a), free(out), free(half);
}

static void check_conversions(size_t rows, size_t columns) {
  size_t n = rows * columns;
  float *a = filled(n, 0), *back = filled(n, 1), *turned = filled(n, 2);
  uint16_t *half = malloc(n * sizeof *half);
  devft_f32_to_bf16(a, half, n);
  devft_bf16_to_f32(half, back, n);
  for (size_t i = 0; i < n; i++) assert(fabsf(back[i] - a[i]) <= fabsf(a[i]) / 256);
  uint16_t *half_turned = malloc(n * sizeof *half_turned);
  for (size_t start = 0, split = rows / 2; start < rows; start = split, split = rows) {
    size_t count = (split > start ? split : rows) - start;
    devft_transpose(a + start * columns, turned + start, count, columns, rows);
    devft_transpose_bf16(half + start * columns, half_turned + start, count, columns, rows);
    if (split <= start) break;
  }
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) {
      assert(turned[c * rows + r] == a[r * columns + c]);
      assert(half_turned[c * rows + r] == half[r * columns + c]);
    }
  float *row = filled(columns, 3);
  devft_add_row(row, a, rows, columns);
  for (size_t i = 0; i < n; i++)
    expect_close(a[i], sin(0.731 * (double)i) + row[i % columns], "add row");
  free(a), free(back), free(turned), free(half), free(half_turned), free(row);
}

static void check_norm(size_t rows, size_t width) {
  size_t n = rows * width;
  float *x = filled(n, 0), *gain = filled(width, 1), *g = filled(n, 2), *out = filled(n, 3);
  float *grad = calloc(n, sizeof *grad);
  devft_rmsnorm_forward(x, gain, 1e-5f, out, rows, width);
  uint16_t *half = malloc(n * sizeof *half), *rounded = malloc(n * sizeof *rounded);
  devft_rmsnorm_forward_bf16(x, gain, 1e-5f, half, rows, width);
  devft_f32_to_bf16(out, rounded, n);
  for (size_t i = 0; i < n; i++) assert(abs((int)half[i] - (int)rounded[i]) <= 1);
  devft_rmsnorm_backward(x, gain, 1e-5f, g, grad, rows, width);
  for (size_t r = 0; r < rows; r++) {
    const float *xr = x + r * width, *gr = g + r * width;
    double square = 0, along = 0;
    for (size_t i = 0; i < width; i++) square += (double)xr[i] * xr[i];
    double scale = 1 / sqrt(square / (double)width + 1e-5);
    for (size_t i = 0; i < width; i++) along += (double)gr[i] * gain[i] * xr[i];
    along *= scale * scale / (double)width;
    for (size_t i = 0; i < width; i++) {
      expect_close(out[r * width + i], xr[i] * scale * gain[i], "norm");
      expect_close(grad[r * width + i], scale * (gr[i] * gain[i] - xr[i] * along), "norm grad");
    }
  }
  free(x), free(gain), free(g), free(out), free(grad), free(half), free(rounded);
}

static void check_rotation(size_t rows, size_t heads, size_t width) {
  enum { POSITIONS = 5 };
  size_t stride = heads * width + 3, n = rows * stride - 3, half = width / 2;
  float *x = filled(n, 0), *start = copied(x, n);
  float *cosines = filled(POSITIONS * half, 1), *sines = filled(POSITIONS * half, 2);
  int32_t *positions = malloc(rows * sizeof *positions);
  for (size_t r = 0; r < rows; r++) positions[r] = (int32_t)((r * 3 + 4) % POSITIONS);
  devft_rope(x, positions, cosines, sines, -1, rows, stride, heads, width);
  for (size_t i = 0; i < n; i++) {
    size_t column = i % stride;
    if (column >= heads * width) {
      assert(x[i] == start[i]);
      continue;
    }
    size_t pair = column % width % half, table = (size_t)positions[i / stride] * half + pair;
    size_t other = column % width < half ? i + half : i - half;
    double sign = column % width < half ? 1 : -1;
    expect_close(x[i], start[i] * cosines[table] + sign * start[other] * sines[table], "rope");
  }
  free(x), free(cosines), free(sines), free(start), free(positions);
}

static void check_cross_entropy(size_t rows, size_t vocabulary) {
  size_t n = rows * vocabulary;
  float *logits = filled(n, 0), *start = copied(logits, n);
  int32_t *targets = malloc(rows * sizeof *targets);
  double *losses = malloc(rows * sizeof *losses);
  for (size_t r = 0; r < rows; r++) targets[r] = (int32_t)((r * 5 + 2) % vocabulary);
  devft_cross_entropy(logits, targets, 0.5f, losses, rows, vocabulary);
  for (size_t r = 0; r < rows; r++) {
    double sum = 0;
    for (size_t i = 0; i < vocabulary; i++) sum += exp(start[r * vocabulary + i]);
    size_t hit = r * vocabulary + (size_t)targets[r];
    expect_close(losses[r], log(sum) - start[hit], "loss");
    for (size_t i = r * vocabulary; i < (r + 1) * vocabulary; i++)
      expect_close(logits[i], 0.5 * (exp(start[i]) / sum - (i == hit)), "loss gradient");
  }
  free(logits), free(start), free(targets), free(losses);
}

static void check_narrow_cross_entropy(size_t rows, size_t vocabulary) {
  float *logits = filled(rows * vocabulary, 0), *wide = copied(logits, rows * vocabulary);
  int32_t *targets = calloc(rows, sizeof *targets);
  double *losses = malloc(rows * sizeof *losses), *others = malloc(rows * sizeof *others);
  devft_cross_entropy(wide, targets, 0.5f, losses, rows, vocabulary);
  devft_cross_entropy_bf16(logits, targets, 0.5f, others, rows, vocabulary);
  uint16_t *narrow = malloc(vocabulary * sizeof *narrow);
  for (size_t r = 0; r < rows; r++) {
    expect_close(others[r], losses[r], "narrow loss");
    devft_f32_to_bf16(wide + r * vocabulary, narrow, vocabulary);
    assert(memcmp(narrow, logits + r * vocabulary, vocabulary * sizeof *narrow) == 0);
  }
  free(logits), free(wide), free(targets), free(losses), free(others), free(narrow);
}

static void check_adamw(size_t n) {
  devft_adamw_step step = {
      .learning_rate = 0.1f, .beta1 = 0.9f, .beta2 = 0.99f, .complement1 = 0.1f,
      .complement2 = 0.01f, .epsilon = 1e-8f, .weight_decay = 0.1f, .correction1 = 0.1f,
      .correction2 = 0.01f, .grad_scale = 2};
  float *p = filled(n, 0), *start = copied(p, n), *g = filled(n, 1);
  float *m = calloc(n, sizeof *m), *v = calloc(n, sizeof *v);
  devft_adamw(&step, p, g, m, v, n);
  for (size_t i = 0; i < n; i++) {
    expect_close(m[i], 0.2 * g[i], "first moment");
    expect_close(v[i], 0.04 * g[i] * g[i], "second moment");
    expect_close(p[i], 0.99 * start[i] - 0.1 * (g[i] > 0 ? 1 : -1), "adamw");
  }
  free(p), free(start), free(g), free(m), free(v);
}

// One head group inside rows of `q_stride`, `kv_stride` and `output_stride` numbers; buffers end with the last head.
static void check_attention(
    size_t queries, size_t keys, int bidirectional, size_t heads, size_t width) {
  devft_attention_shape s = {
      queries, keys, bidirectional, heads, width, heads * width + 3, width + 5, heads * width + 1,
      1 / sqrtf((float)width)};
  size_t q_count = (queries - 1) * s.q_stride + heads * width;
  size_t out_count = (queries - 1) * s.output_stride + heads * width;
  size_t kv_count = (keys - 1) * s.kv_stride + width;
  float *q = filled(q_count, 0), *k = filled(kv_count, 1), *v = filled(kv_count, 2);
  float *out = filled(out_count, 3), *before = copied(out, out_count);
  float *scratch = malloc(devft_attention_forward_scratch(&s) * sizeof *scratch);
  devft_attention_forward(&s, q, k, v, out, scratch);
  double *p = malloc(keys * sizeof *p);
  for (size_t i = 0; i < queries; i++)
    for (size_t h = 0; h < heads; h++) {
      size_t seen = bidirectional ? keys : keys - queries + i + 1, at = i * s.q_stride + h * width;
      size_t to = i * s.output_stride + h * width;
      double sum = 0;
      for (size_t j = 0; j < seen; j++) {
        double score = 0;
        for (size_t d = 0; d < width; d++) score += (double)q[at + d] * k[j * s.kv_stride + d];
        sum += p[j] = exp(score * (double)s.scale);
      }
      for (size_t d = 0; d < width; d++) {
        double mean = 0;
        for (size_t j = 0; j < seen; j++) mean += p[j] / sum * v[j * s.kv_stride + d];
        expect_close(out[to + d], mean, "attention");
      }
    }
  for (size_t i = 0; i < out_count; i++)  // the gaps between rows belong to others
    if (i % s.output_stride >= heads * width) assert(out[i] == before[i]);
  free(scratch);
  if (queries == keys) {
    scratch = malloc(devft_attention_backward_scratch(&s) * sizeof *scratch);
    float *g = filled(out_count, 4), *gq = filled(q_count, 5);
    float *gk = filled(kv_count, 6), *gv = filled(kv_count, 7);
    devft_attention_backward(&s, q, k, v, g, gq, gk, gv, scratch);
    // Probabilities add up to 1: grad_v adds up to grad_output, and q . grad_q to k . grad_k.
    double in = 0, through = 0, by_q = 0, by_k = 0;
    for (size_t i = 0; i < queries; i++)
      for (size_t d = 0; d < heads * width; d++) {
        in += g[i * s.output_stride + d];
        by_q += (double)q[i * s.q_stride + d] * gq[i * s.q_stride + d];
      }
    for (size_t j = 0; j < keys; j++)
      for (size_t d = 0; d < width; d++) {
        through += gv[j * s.kv_stride + d];
        by_k += (double)k[j * s.kv_stride + d] * gk[j * s.kv_stride + d];
      }
    expect_close(through, in, "grad_v");
    expect_close(by_k, by_q, "grad_k");
    free(scratch), free(g), free(gq), free(gk), free(gv);
  }
  free(q), free(k), free(v), free(out), free(before), free(p);
}

static void check_int8(size_t rows, size_t columns) {
  float *x = filled(rows * columns, 0), *factors = filled(columns, 1);
  uint16_t *narrow = malloc(rows * columns * sizeof *narrow);
  int8_t *numbers = malloc(rows * columns);
  float *scales = malloc(rows * sizeof *scales), *output = filled(rows * columns, 2);
  devft_quantise_rows_f32(x, numbers, scales, rows, columns);
  for (size_t i = 0; i < rows * columns; i++)
    assert(fabs(numbers[i] * scales[i / columns] - x[i]) <= 0.501 * scales[i / columns]);
  devft_f32_to_bf16(x, narrow, rows * columns);
  devft_quantise_rows_bf16(narrow, columns, factors, numbers, scales, rows, columns);
  devft_bf16_to_f32(narrow, x, rows * columns);
  int32_t *sums = malloc(rows * columns * sizeof *sums);
  for (size_t i = 0; i < rows * columns; i++) {
    float value = x[i] * factors[i % columns];
    assert(fabs(numbers[i] * scales[i / columns] - value) <= 0.501 * scales[i / columns]);
    sums[i] = numbers[i];
  }
  devft_scale_sums(sums, scales, factors, false, output, rows, columns, columns);
  devft_scale_sums(sums, scales, NULL, true, output, rows, columns, columns);
  for (size_t i = 0; i < rows * columns; i++)
    expect_close(
        output[i], numbers[i] * scales[i / columns] * (1 + factors[i % columns]), "scaled sums");
  free(x), free(factors), free(narrow), free(numbers), free(scales), free(output), free(sums);
}

static void check_row_products(size_t rows, size_t columns) {
  float *weights = filled(rows * columns, 0), *x = filled(columns, 1), *y = filled(rows, 2);
  uint16_t *narrow = malloc(rows * columns * sizeof *narrow);
  int8_t *numbers = malloc(rows * columns);
  float *scales = malloc(rows * sizeof *scales);
  devft_f32_to_bf16(weights, narrow, rows * columns);
  devft_quantise_rows_f32(weights, numbers, scales, rows, columns);
  devft_bf16_to_f32(narrow, weights, rows * columns);
  devft_matvec_bf16(narrow, x, false, y, rows, columns);
  devft_matvec_int8(numbers, scales, x, true, y, rows, columns);
  for (size_t r = 0; r < rows; r++) {
    double sum = 0;
    for (size_t c = 0; c < columns; c++)
      sum += x[c] * ((double)weights[r * columns + c] +
                     (double)numbers[r * columns + c] * scales[r]);
    expect_close(y[r], sum, "row product");
  }
  free(weights), free(x), free(y), free(narrow), free(numbers), free(scales);
}

static void check_quantised(size_t blocks) {
  size_t count = 32 * blocks;
  float *x = filled(count, 0), *back = malloc(count * sizeof *back);
  uint8_t *bytes = malloc(34 * blocks);
  devft_quantise_q8_0(x, bytes, count);
  devft_dequantise_q8_0(bytes, back, count);
  for (size_t i = 0; i < count; i++) assert(fabs(back[i] - x[i]) <= 0.0045);
  // A block with a number that is none is NaN as a whole; the others keep theirs.
  const float bad[] = {NAN, INFINITY, -INFINITY, 1e30f};
  for (int b = 0; b < 4 && blocks > 1; b++) {
    x[5] = bad[b];
    devft_quantise_q8_0(x, bytes, count);
    devft_dequantise_q8_0(bytes, back, count);
    for (size_t i = 0; i < count; i++)
      assert(i < 32 ? isnan(back[i]) : fabs(back[i] - x[i]) <= 0.0045);
  }
  free(x), free(back), free(bytes);
}

static void check_direct_bf16(size_t blocks) {
  const struct {
    devft_storage type;
    size_t bytes;
  } types[] = {{DEVFT_Q8_0, 34}, {DEVFT_Q4_0, 18}, {DEVFT_Q4_1, 20}};
  for (size_t t = 0; t < 3; t++) {
    size_t n = 32 * blocks;
    uint8_t *bytes = malloc(blocks * types[t].bytes);
    for (size_t i = 0; i < blocks * types[t].bytes; i++) bytes[i] = (uint8_t)(i * 37 % 60);
    float *wide = malloc(n * sizeof *wide);
    uint16_t *narrow = malloc(n * sizeof *narrow), *found = malloc(n * sizeof *found);
    devft_dequantise(types[t].type, bytes, wide, n);
    devft_f32_to_bf16(wide, narrow, n);
    assert(devft_dequantise_to_bf16(types[t].type, bytes, found, n));
    assert(memcmp(narrow, found, n * sizeof *found) == 0);
    free(bytes), free(wide), free(narrow), free(found);
  }
  assert(!devft_dequantise_to_bf16(DEVFT_F16, NULL, NULL, 0));
}

static void check_stored(size_t rows, size_t blocks) {
  size_t columns = 32 * blocks, row_bytes = 34 * blocks;
  uint8_t *bytes = malloc(rows * row_bytes);
  for (size_t i = 0; i < rows * row_bytes; i++) bytes[i] = (uint8_t)(i * 37 % 60);
  uint32_t *order = malloc(rows * sizeof *order);
  for (size_t r = 0; r < rows; r++) order[r] = (uint32_t)(rows - 1 - r);
  // The rows in two parts, the second one in the order of the file.
  size_t upper = rows - rows / 2;
  devft_stored_matrix parts[] = {
      {bytes, upper, row_bytes, 32, 34, DEVFT_Q8_0, order},
      {bytes, rows / 2, row_bytes, 32, 34, DEVFT_Q8_0, NULL}};
  devft_stored_stack matrix = {parts, 2};
  float *whole = malloc(rows * columns * sizeof *whole), *part = malloc(rows * 32 * sizeof *part);
  uint16_t *narrow = malloc(rows * columns * sizeof *narrow);
  devft_expand_stored(&matrix, 0, rows, 0, columns, false, whole);
  devft_expand_stored(&matrix, 0, rows, 0, columns, true, narrow);
  devft_expand_stored(&matrix, 0, rows, columns - 32, 32, false, part);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < 32; c++) {
      float one = whole[r * columns + columns - 32 + c];
      expect_close(part[r * 32 + c], one, "part of a stored matrix");
    }
  float *direct = malloc(columns * sizeof *direct);
  devft_dequantise_q8_0(bytes + (rows - 1) * row_bytes, direct, columns);
  for (size_t c = 0; c < columns; c++) expect_close(whole[c], direct[c], "stored row");
  devft_dequantise_q8_0(bytes, direct, columns);
  for (size_t c = 0; c < columns && rows > 1; c++)
    expect_close(whole[upper * columns + c], direct[c], "stored row of a second part");
  free(bytes), free(order), free(whole), free(part), free(narrow), free(direct);
}

int main(void) {
  for (size_t i = 0; i < COUNTS; i++) {
    check_elementwise(counts[i]);
    check_adamw(counts[i]);
    for (size_t rows = 1; rows <= 35 && counts[i] > 0; rows += 17) {
      check_conversions(rows, counts[i]);
      check_norm(rows, counts[i]);
      check_layer_norm(rows, counts[i]);
      check_swiglu(rows, counts[i]);
      check_narrow_swiglu(rows, counts[i]);
      check_cross_entropy(rows, counts[i]);
      check_narrow_cross_entropy(rows, counts[i]);
      check_int8(rows, counts[i]);
      check_row_products(rows, counts[i]);
    }
  }
  for (size_t rows = 1; rows < 5; rows++)
    for (size_t blocks = 1; blocks < 80; blocks += 13) check_stored(rows, blocks);
  for (size_t blocks = 0; blocks < 5; blocks++) check_quantised(blocks), check_direct_bf16(blocks);
  check_special_values();
  for (size_t n = 1; n < 70; n++) check_gelu(n);
  const size_t widths[] = {2, 6, 64, 80, 128};
  for (size_t w = 0; w < 5; w++) {
    for (size_t rows = 1; rows < 4; rows++) check_rotation(rows, rows + 1, widths[w]);
    for (size_t queries = 1; queries <= 70; queries += queries < 9 ? 1 : 12)
      for (size_t past = 0; past <= 33; past += 11)
        for (int both = 0; both < 2; both++)
          check_attention(queries, queries + past, both, 1 + queries % 3, widths[w]);
  }
  check_attention(7, 7, 0, 2, 1);
  check_attention(7, 7, 1, 2, 1);
  puts("kernels: clean");
}
