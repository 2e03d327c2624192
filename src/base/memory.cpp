#include "base/memory.h"

#include <malloc.h>

namespace rq {

void return_large_blocks() {
#ifdef M_MMAP_THRESHOLD
  constexpr int kMebibyte = 1 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kMebibyte);
#endif
}

}  // namespace rq
