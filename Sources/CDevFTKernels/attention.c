// A tile of query rows is worked on at once; its rows of scores are kept, never a [T, T] matrix.
// Every product is made of blocks of four rows and 16 columns, whose sums stay in registers. What
// such a block reads 16 numbers at a time is first copied into the scratch space: there it is
// padded to whole blocks and lies on cache lines, since loads that straddle two cost a tenth of the
// time.
#include "devft_attention.h"

#include "kernel.h"

// A block of sums fills eight of AVX2's sixteen registers; twice as many rows or columns spill
// there and gain nothing with AVX-512.
enum { ROWS = 4, LANES = DEVFT_LANES, TILE = 32 };

// 16 neighbouring numbers, a choice for each, and four numbers.
typedef float vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t mask __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

DEVFT_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
DEVFT_INLINE size_t padded(size_t count) { return (count + LANES - 1) / LANES * LANES; }

// Distance between rows of scores: an odd number of cache lines, so that a column of a tile does
// not compete for few places in the cache.
DEVFT_INLINE size_t score_line(size_t keys) { return (padded(keys) / LANES | 1) * LANES; }

size_t devft_attention_forward_scratch(const devft_attention_shape *shape) {
  size_t wide = padded(shape->width), keys = padded(shape->keys);
  return LANES + TILE * score_line(keys) + (shape->width + wide) * keys;
}

size_t devft_attention_backward_scratch(const devft_attention_shape *shape) {
  size_t wide = padded(shape->width), keys = padded(shape->keys);
  return LANES + 2 * TILE * (score_line(keys) + wide) + (2 * shape->width + 3 * wide) * keys;
}

// The first cache line at or after `scratch`.
DEVFT_INLINE float *aligned(float *scratch) {
  return (float *)(((uintptr_t)scratch + 63) / 64 * 64);
}

// target[count, padded(width)] = source[count, width], the padding zero.
DEVFT_INLINE void copy_rows(
    const float *source, size_t stride, size_t count, size_t width, float *restrict target) {
  for (size_t j = 0; j < count; j++, target += padded(width)) {
    const float *row = source + j * stride;
    size_t d = 0;
    for (; d + LANES <= width; d += LANES) *(vector *)(target + d) = *(const vector *)(row + d);
    for (; d < padded(width); d++) target[d] = d < width ? row[d] : 0.0f;
  }
}

// Transposes four rows of four numbers; rows of the result lie 16 numbers apart.
DEVFT_INLINE void transpose_square(const float *source, size_t stride, float *target) {
  quad a = *(const quad *)source, b = *(const quad *)(source + stride);
  quad c = *(const quad *)(source + 2 * stride), d = *(const quad *)(source + 3 * stride);
  quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  quad cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  *(quad *)target = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
  *(quad *)(target + LANES) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
  ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  *(quad *)(target + 2 * LANES) = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
  *(quad *)(target + 3 * LANES) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

// Transposes 16 rows after the other: target[padded(count) / 16, width, 16], the padding zero.
DEVFT_INLINE void transpose_panels(
    const float *source, size_t stride, size_t count, size_t width, float *target) {
  for (size_t j = 0; j < padded(count); j += 4) {
    float *panel = target + j / LANES * LANES * width + j % LANES;
    size_t d = 0;
    if (j + 4 <= count)
      for (; d + 4 <= width; d += 4)
        transpose_square(source + j * stride + d, stride, panel + d * LANES);
    for (; d < width; d++)
      for (size_t i = j; i < j + 4; i++)
        panel[d * LANES + i - j] = i < count ? source[i * stride + d] : 0.0f;
  }
}

// sums[4, 16] = left[rows, inner] * right[inner, 16]; rows past `rows` repeat the last one.
DEVFT_INLINE void block_sums(
    const float *left, size_t row_step, size_t inner_step, size_t rows, const float *right,
    size_t right_step, size_t inner, vector sums[ROWS]) {
  const float *at[ROWS];
  for (size_t r = 0; r < ROWS; r++) {
    at[r] = left + smaller(r, rows - 1) * row_step;
    sums[r] = (vector){0};
  }
  for (size_t i = 0; i < inner; i++) {
    vector numbers = *(const vector *)(right + i * right_step);
    for (size_t r = 0; r < ROWS; r++) sums[r] += at[r][i * inner_step] * numbers;
  }
}

// target[columns] = scale * sums[columns]
DEVFT_INLINE void store_scaled(const vector *sums, float scale, size_t columns, float *target) {
  vector row = scale * *sums;
  if (columns == LANES)
    *(vector *)target = row;
  else
    memcpy(target, &row, columns * sizeof *target);
}

// What a tile of query rows sees: row r the first `before + r + 1` keys, but at most `all`. Where each
// query sees every key, `before` is their number.
typedef struct {
  size_t before, all;
} sight;

DEVFT_INLINE sight sight_of(const devft_attention_shape *s, size_t first, size_t rows) {
  size_t before = s->bidirectional ? s->keys : s->keys - s->queries + first;
  return (sight){before, smaller(before + rows, s->keys)};
}

DEVFT_INLINE size_t seen_by(sight see, size_t row) { return smaller(see.before + row + 1, see.all); }

// Keys that a block of rows works on: those that its last row sees, padded.
DEVFT_INLINE size_t block_end(sight see, size_t row) {
  return padded(seen_by(see, row / ROWS * ROWS + ROWS - 1));
}

// scores[rows, keys] = scale * x[rows, width] * panels, as far as each block of rows sees.
DEVFT_INLINE void row_products(
    const float *x, size_t stride, size_t rows, sight see, const float *panels, size_t width,
    float scale, float *scores, size_t line) {
  vector sums[ROWS];
  for (size_t j = 0; j < see.all; j += LANES)
    for (size_t r = j < see.before ? 0 : (j - see.before) / ROWS * ROWS; r < rows; r += ROWS) {
      size_t count = smaller(ROWS, rows - r);
      block_sums(x + r * stride, stride, 1, count, panels + j * width, LANES, width, sums);
      for (size_t i = 0; i < ROWS; i++)
        if (i < count) store_scaled(&sums[i], scale, LANES, scores + (r + i) * line + j);
    }
}

// target[rows, width] = scale * weights[rows, keys] * source[keys, padded(width)].
DEVFT_INLINE void weighted_sums(
    const float *weights, size_t line, size_t rows, sight see, const float *source, size_t width,
    float scale, float *target, size_t stride) {
  vector sums[ROWS];
  for (size_t r = 0; r < rows; r += ROWS)
    for (size_t d = 0; d < width; d += LANES) {
      size_t count = smaller(ROWS, rows - r), columns = smaller(LANES, width - d);
      block_sums(
          weights + r * line, line, 1, count, source + d, padded(width), seen_by(see, r + count - 1),
          sums);
      for (size_t i = 0; i < ROWS; i++)
        if (i < count) store_scaled(&sums[i], scale, columns, target + (r + i) * stride + d);
    }
}

// target[keys, padded(width)] += weights[rows, keys]ᵀ * source[rows, padded(width)].
DEVFT_INLINE void outer_add(
    const float *weights, size_t line, size_t rows, sight see, const float *source, size_t width,
    float *target) {
  vector sums[ROWS];
  size_t wide = padded(width);
  for (size_t j = 0; j < see.all; j += ROWS) {
    size_t first = j < see.before ? 0 : j - see.before, count = smaller(ROWS, see.all - j);
    for (size_t d = 0; d < wide; d += LANES) {
      block_sums(
          weights + first * line + j, 1, line, count, source + first * wide + d, wide,
          rows - first, sums);
      for (size_t i = 0; i < ROWS; i++)
        if (i < count) *(vector *)(target + (j + i) * wide + d) += sums[i];
    }
  }
}

// Sets the numbers from `count` to `end` of a row.
DEVFT_INLINE void set_rest(float *row, size_t count, size_t end, float value) {
  const mask order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (size_t j = count / LANES * LANES; j < end; j += LANES) {
    mask kept = order < (int32_t)count - (int32_t)j, rest = (mask)((vector){0} + value);
    *(mask *)(row + j) = (*(const mask *)(row + j) & kept) | (rest & ~kept);
  }
}

DEVFT_INLINE float maximum(const float *row, size_t end) {
  vector most = *(const vector *)row;
  for (size_t j = LANES; j < end; j += LANES) {
    vector next = *(const vector *)(row + j);
    mask above = next > most;
    most = (vector)(((mask)next & above) | ((mask)most & ~above));
  }
  float lanes[8];
  for (int l = 0; l < 8; l++) lanes[l] = most[l] > most[l + 8] ? most[l] : most[l + 8];
  for (int l = 0; l < 4; l++) lanes[l] = lanes[l] > lanes[l + 4] ? lanes[l] : lanes[l + 4];
  for (int l = 0; l < 2; l++) lanes[l] = lanes[l] > lanes[l + 2] ? lanes[l] : lanes[l + 2];
  return lanes[0] > lanes[1] ? lanes[0] : lanes[1];
}

// Turns the first `count` scores into probabilities and clears the rest of the row up to `end`.
DEVFT_INLINE void softmax_row(float *row, size_t count, size_t end) {
  set_rest(row, count, end, -3e38f);  // least, and next to nothing in the sum
  float most = maximum(row, end), lanes[LANES] = {0};
  for (size_t j = 0; j < end; j += LANES)
    for (int l = 0; l < LANES; l++) {
      row[j + l] = devft_exp(row[j + l] - most);
      lanes[l] += row[j + l];
    }
  float inverse = 1.0f / devft_sum_lanes(lanes);
  for (size_t j = 0; j < count; j++) row[j] *= inverse;
  set_rest(row, count, end, 0.0f);
}

// Probabilities of a tile of query rows of one head.
DEVFT_INLINE void probabilities(
    const float *q, size_t stride, size_t rows, sight see, const float *panels, size_t width,
    float scale, float *scores, size_t line) {
  row_products(q, stride, rows, see, panels, width, scale, scores, line);
  for (size_t r = 0; r < rows; r++)
    softmax_row(scores + r * line, seen_by(see, r), block_end(see, r));
}

// Gradients of scores from those of probabilities: P * (dP - sum(P * dP)), row by row.
DEVFT_INLINE void score_gradients(
    const float *scores, size_t line, size_t rows, sight see, float *grads) {
  for (size_t r = 0; r < rows; r++) {
    const float *p = scores + r * line;
    float *g = grads + r * line;
    size_t end = block_end(see, r);
    float along = devft_dot(p, g, end);
    for (size_t j = 0; j < end; j++) g[j] = p[j] * (g[j] - along);
  }
}

// target[count, width] = scale * source[count, padded(width)].
DEVFT_INLINE void store_rows(
    const float *source, size_t count, size_t width, float scale, float *target, size_t stride) {
  for (size_t j = 0; j < count; j++)
    for (size_t d = 0; d < width; d++)
      target[j * stride + d] = scale * source[j * padded(width) + d];
}

// One head's part of a row: short, and too far from the next for the processor's own prefetching.
enum { AHEAD = 16 };
DEVFT_INLINE void prefetch_row(const float *row, size_t width) {
  for (size_t d = 0; d < width; d += LANES) __builtin_prefetch(row + d);
}

// The sum of a row's products.
DEVFT_INLINE float row_dot(const float *a, const float *b, size_t width) {
  vector sums = {0};
  size_t d = 0;
  for (; d + LANES <= width; d += LANES) sums += *(const vector *)(a + d) * *(const vector *)(b + d);
  float lanes[LANES];
  *(vector *)lanes = sums;
  for (; d < width; d++) lanes[d % LANES] += a[d] * b[d];
  return devft_sum_lanes(lanes);
}

// output[columns] = sum_j weights[j] * rows[j, columns] for at most 4 * 16 columns, whose sums stay in
// registers.
DEVFT_INLINE void weighted_sum(
    const float *weights, const float *rows, size_t stride, size_t count, size_t columns,
    float *output) {
  vector sums[4] = {0};
  size_t whole = columns / LANES;
  for (size_t j = 0; j < count; j++) {
    prefetch_row(rows + (j + AHEAD) * stride, columns);
    for (size_t part = 0; part < whole; part++)
      sums[part] += weights[j] * *(const vector *)(rows + j * stride + part * LANES);
  }
  for (size_t part = 0; part < whole; part++) *(vector *)(output + part * LANES) = sums[part];
  for (size_t d = whole * LANES; d < columns; d++) {
    output[d] = 0.0f;
    for (size_t j = 0; j < count; j++) output[d] += weights[j] * rows[j * stride + d];
  }
}

// The forward pass of one query, for which transposing the keys would be most of the work.
DEVFT_INLINE void attend_once(
    const devft_attention_shape *s, const float *q, const float *k, const float *v, float *output,
    float *scores) {
  for (size_t head = 0; head < s->heads; head++, q += s->width, output += s->width) {
    for (size_t j = 0; j < s->keys; j++) {
      prefetch_row(k + (j + AHEAD) * s->kv_stride, s->width);
      scores[j] = s->scale * row_dot(q, k + j * s->kv_stride, s->width);
    }
    float maximum = devft_maximum(scores, s->keys), sum = 0.0f;
    for (size_t j = 0; j < s->keys; j++) scores[j] = devft_exp(scores[j] - maximum);
    for (size_t j = 0; j < s->keys; j++) sum += scores[j];
    for (size_t j = 0; j < s->keys; j++) scores[j] /= sum;
    for (size_t d = 0; d < s->width; d += 4 * LANES) {
      size_t columns = smaller(4 * LANES, s->width - d);
      // A count known to the compiler keeps the sums in registers.
      if (columns == 4 * LANES)
        weighted_sum(scores, v + d, s->kv_stride, s->keys, 4 * LANES, output + d);
      else
        weighted_sum(scores, v + d, s->kv_stride, s->keys, columns, output + d);
    }
  }
}

DEVFT_KERNEL
void devft_attention_forward(
    const devft_attention_shape *shape, const float *q, const float *k, const float *v,
    float *output, float *scratch) {
  const devft_attention_shape s = *shape;
  size_t line = score_line(s.keys);
  float *scores = aligned(scratch), *keys = scores + TILE * line;
  float *values = keys + s.width * padded(s.keys);
  if (s.queries == 1) {
    attend_once(&s, q, k, v, output, scores);
    return;
  }
  transpose_panels(k, s.kv_stride, s.keys, s.width, keys);
  copy_rows(v, s.kv_stride, s.keys, s.width, values);
  for (size_t head = 0; head < s.heads; head++)
    for (size_t i = 0; i < s.queries; i += TILE) {
      size_t rows = smaller(TILE, s.queries - i);
      sight see = sight_of(&s, i, rows);
      const float *queries = q + i * s.q_stride + head * s.width;
      float *target = output + i * s.output_stride + head * s.width;
      probabilities(queries, s.q_stride, rows, see, keys, s.width, s.scale, scores, line);
      weighted_sums(scores, line, rows, see, values, s.width, 1.0f, target, s.output_stride);
    }
}

DEVFT_KERNEL
void devft_attention_backward(
    const devft_attention_shape *shape, const float *q, const float *k, const float *v,
    const float *grad_output, float *grad_q, float *grad_k, float *grad_v, float *scratch) {
  const devft_attention_shape s = *shape;
  size_t line = score_line(s.keys), wide = padded(s.width), panels = s.width * padded(s.keys);
  float *scores = aligned(scratch), *grads = scores + TILE * line;
  float *q_rows = grads + TILE * line, *g_rows = q_rows + TILE * wide;
  float *keys = g_rows + TILE * wide, *values = keys + panels;
  float *k_rows = values + panels, *k_sums = k_rows + s.keys * wide;
  float *v_sums = k_sums + s.keys * wide;
  transpose_panels(k, s.kv_stride, s.keys, s.width, keys);
  transpose_panels(v, s.kv_stride, s.keys, s.width, values);
  copy_rows(k, s.kv_stride, s.keys, s.width, k_rows);
  memset(k_sums, 0, 2 * s.keys * wide * sizeof *k_sums);
  for (size_t head = 0; head < s.heads; head++)
    for (size_t i = 0; i < s.queries; i += TILE) {
      size_t rows = smaller(TILE, s.queries - i), at = i * s.q_stride + head * s.width;
      sight see = sight_of(&s, i, rows);
      copy_rows(q + at, s.q_stride, rows, s.width, q_rows);
      copy_rows(
          grad_output + i * s.output_stride + head * s.width, s.output_stride, rows, s.width, g_rows);
      probabilities(q_rows, wide, rows, see, keys, s.width, s.scale, scores, line);
      outer_add(scores, line, rows, see, g_rows, s.width, v_sums);
      row_products(g_rows, wide, rows, see, values, s.width, 1.0f, grads, line);
      score_gradients(scores, line, rows, see, grads);
      weighted_sums(grads, line, rows, see, k_rows, s.width, s.scale, grad_q + at, s.q_stride);
      outer_add(grads, line, rows, see, q_rows, s.width, k_sums);
    }
  store_rows(k_sums, s.keys, s.width, s.scale, grad_k, s.kv_stride);
  store_rows(v_sums, s.keys, s.width, 1.0f, grad_v, s.kv_stride);
}
