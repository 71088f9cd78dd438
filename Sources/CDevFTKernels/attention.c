// Four query rows are worked on at once, so that each key or value that is loaded serves four
// products; rows of scores are kept, never a [T, T] matrix. Keys (and values, backward) are first
// transposed into the scratch space, so that the inner loops run over neighbouring numbers.
#include "devft_attention.h"

#include <math.h>

#include "kernel.h"

// A block of sums fills eight of AVX2's sixteen registers; twice as many columns spill there.
enum { ROWS = 4, COLUMNS = 16 };

// Scores are padded to whole column blocks.
DEVFT_INLINE size_t padded(size_t count) { return (count + COLUMNS - 1) / COLUMNS * COLUMNS; }

size_t devft_attention_forward_scratch(const devft_attention_shape *shape) {
  return (shape->width + ROWS) * padded(shape->keys);
}

size_t devft_attention_backward_scratch(const devft_attention_shape *shape) {
  return (2 * shape->width + 2 * ROWS) * padded(shape->keys);
}

// target[width, padded(count)] = source[count, width]ᵀ, the padding zero.
DEVFT_INLINE void transpose_padded(
    const float *source, size_t stride, size_t count, size_t width, float *target) {
  size_t line = padded(count);
  for (size_t j0 = 0; j0 < line; j0 += COLUMNS)  // so few rows stay in the first-level cache
    for (size_t d = 0; d < width; d++)
      for (size_t j = j0; j < j0 + COLUMNS; j++)
        target[d * line + j] = j < count ? source[j * stride + d] : 0.0f;
}

// scores[rows, 0 ..< padded(count)] = scale * x[rows, width] * transposed[width, line].
DEVFT_INLINE void row_products(
    const float *x, size_t x_stride, size_t rows, const float *transposed, size_t line,
    size_t count, size_t width, float scale, float *scores) {
  for (size_t j = 0; j < count; j += COLUMNS) {
    float sums[ROWS][COLUMNS] = {{0}};
    for (size_t d = 0; d < width; d++)
      for (size_t r = 0; r < ROWS; r++) {
        float value = x[(r < rows ? r : rows - 1) * x_stride + d];
        for (int l = 0; l < COLUMNS; l++) sums[r][l] += value * transposed[d * line + j + l];
      }
    for (size_t r = 0; r < ROWS; r++)
      for (int l = 0; l < COLUMNS; l++) scores[r * line + j + l] = scale * sums[r][l];
  }
}

// Turns the first `count` scores into probabilities and clears the rest of the line up to `end`.
DEVFT_INLINE void softmax_row(float *row, size_t count, size_t end) {
  float maximum = devft_maximum(row, count);
  for (size_t j = 0; j < count; j++) row[j] = devft_exp(row[j] - maximum);
  float lanes[DEVFT_LANES] = {0};
  size_t j = 0;
  for (; j + DEVFT_LANES <= count; j += DEVFT_LANES)
    for (int l = 0; l < DEVFT_LANES; l++) lanes[l] += row[j + l];
  for (; j < count; j++) lanes[j % DEVFT_LANES] += row[j];
  float inverse = 1.0f / devft_sum_lanes(lanes);
  for (size_t i = 0; i < count; i++) row[i] *= inverse;
  for (size_t i = count; i < end; i++) row[i] = 0.0f;
}

// One block of columns of `weighted_sum`; `columns` is a constant where it is COLUMNS.
DEVFT_INLINE void weighted_columns(
    const float *weights, size_t line, size_t rows, const float *source, size_t stride,
    size_t count, size_t columns, float scale, float *target, size_t target_stride) {
  float sums[ROWS][COLUMNS] = {{0}};
  for (size_t j = 0; j < count; j++)
    for (size_t r = 0; r < ROWS; r++)
      for (size_t l = 0; l < columns; l++)
        sums[r][l] += weights[r * line + j] * source[j * stride + l];
  for (size_t r = 0; r < rows; r++)
    for (size_t l = 0; l < columns; l++) target[r * target_stride + l] = scale * sums[r][l];
}

// target[rows, width] = scale * weights[rows, 0 ..< count] * source[count, width].
DEVFT_INLINE void weighted_sum(
    const float *weights, size_t line, size_t rows, const float *source, size_t stride,
    size_t count, size_t width, float scale, float *target, size_t target_stride) {
  size_t d = 0;
  for (; d + COLUMNS <= width; d += COLUMNS)
    weighted_columns(
        weights, line, rows, source + d, stride, count, COLUMNS, scale, target + d, target_stride);
  if (d < width)
    weighted_columns(
        weights, line, rows, source + d, stride, count, width - d, scale, target + d,
        target_stride);
}

// One block of columns of `outer_add`; `columns` is a constant where it is COLUMNS.
DEVFT_INLINE void outer_columns(
    const float *weights, size_t line, size_t rows, const float *source, size_t source_stride,
    size_t count, size_t columns, float scale, float *target, size_t stride) {
  float s[ROWS][COLUMNS] = {{0}};
  for (size_t r = 0; r < rows; r++)
    for (size_t l = 0; l < columns; l++) s[r][l] = scale * source[r * source_stride + l];
  for (size_t j = 0; j < count; j++) {
    // Copies, since the compiler must assume that `target` overlaps the weights.
    float w0 = weights[j], w1 = weights[line + j], w2 = weights[2 * line + j];
    float w3 = weights[3 * line + j], sums[COLUMNS];
    float *t = target + j * stride;
    for (size_t l = 0; l < columns; l++)
      sums[l] = t[l] + ((w0 * s[0][l] + w1 * s[1][l]) + (w2 * s[2][l] + w3 * s[3][l]));
    for (size_t l = 0; l < columns; l++) t[l] = sums[l];
  }
}

// target[count, width] += scale * weights[rows, count]ᵀ * source[rows, width].
DEVFT_INLINE void outer_add(
    const float *weights, size_t line, size_t rows, const float *source, size_t source_stride,
    size_t count, size_t width, float scale, float *target, size_t stride) {
  size_t d = 0;
  for (; d + COLUMNS <= width; d += COLUMNS)
    outer_columns(
        weights, line, rows, source + d, source_stride, count, COLUMNS, scale, target + d, stride);
  if (d < width)
    outer_columns(
        weights, line, rows, source + d, source_stride, count, width - d, scale, target + d,
        stride);
}

// Probabilities of the query rows first ..< first + rows of one head; rows past `rows` repeat the
// last one and are never used.
DEVFT_INLINE void probabilities(
    const devft_attention_shape *s, const float *q, const float *keys, size_t first, size_t rows,
    size_t line, float *scores) {
  size_t past = s->keys - s->queries;
  size_t seen = past + first + rows;
  row_products(
      q + first * s->q_stride, s->q_stride, rows, keys, line, seen, s->width, s->scale, scores);
  for (size_t r = 0; r < ROWS; r++)
    softmax_row(scores + r * line, past + first + (r < rows ? r : rows - 1) + 1, padded(seen));
}

DEVFT_KERNEL
void devft_attention_forward(
    const devft_attention_shape *shape, const float *q, const float *k, const float *v,
    float *output, float *scratch) {
  const devft_attention_shape s = *shape;
  size_t line = padded(s.keys), past = s.keys - s.queries;
  float *keys = scratch, *scores = scratch + s.width * line;
  transpose_padded(k, s.kv_stride, s.keys, s.width, keys);
  for (size_t head = 0; head < s.heads; head++)
    for (size_t i = 0; i < s.queries; i += ROWS) {
      size_t rows = s.queries - i < ROWS ? s.queries - i : ROWS;
      size_t offset = head * s.width;
      probabilities(&s, q + offset, keys, i, rows, line, scores);
      weighted_sum(
          scores, line, rows, v, s.kv_stride, past + i + rows, s.width, 1.0f,
          output + i * s.q_stride + offset, s.q_stride);
    }
}

DEVFT_KERNEL
void devft_attention_backward(
    const devft_attention_shape *shape, const float *q, const float *k, const float *v,
    const float *grad_output, float *grad_q, float *grad_k, float *grad_v, float *scratch) {
  const devft_attention_shape s = *shape;
  size_t line = padded(s.keys);
  float *keys = scratch, *values = keys + s.width * line;
  float *scores = values + s.width * line, *grads = scores + ROWS * line;
  transpose_padded(k, s.kv_stride, s.keys, s.width, keys);
  transpose_padded(v, s.kv_stride, s.keys, s.width, values);
  for (size_t head = 0; head < s.heads; head++)
    for (size_t i = 0; i < s.queries; i += ROWS) {
      size_t rows = s.queries - i < ROWS ? s.queries - i : ROWS;
      size_t at = i * s.q_stride + head * s.width, seen = i + rows;
      probabilities(&s, q + head * s.width, keys, i, rows, line, scores);
      outer_add(
          scores, line, rows, grad_output + at, s.q_stride, seen, s.width, 1.0f, grad_v,
          s.kv_stride);
      row_products(
          grad_output + at, s.q_stride, rows, values, line, seen, s.width, 1.0f, grads);
      // dS = P * (dP - sum(P * dP)), row by row
      for (size_t r = 0; r < ROWS; r++) {
        float *p = scores + r * line, *g = grads + r * line;
        float along = devft_dot(p, g, seen);
        for (size_t j = 0; j < padded(seen); j++) g[j] = p[j] * (g[j] - along);
      }
      weighted_sum(
          grads, line, rows, k, s.kv_stride, seen, s.width, s.scale, grad_q + at, s.q_stride);
      outer_add(
          grads, line, rows, q + at, s.q_stride, seen, s.width, s.scale, grad_k, s.kv_stride);
    }
}
