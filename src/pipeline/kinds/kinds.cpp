#include "pipeline/kinds/kinds.h"

#include "pipeline/kinds/evaluation.h"
#include "pipeline/kinds/extend.h"
#include "pipeline/kinds/pretrain.h"
#include "pipeline/kinds/review.h"
#include "pipeline/kinds/reward_model.h"
#include "pipeline/kinds/rl.h"
#include "pipeline/kinds/sft.h"
#include "pipeline/kinds/synth.h"
#include "pipeline/kinds/tokenizer.h"

namespace rq::pipeline {

Registry all_kinds() {
  return {tokenizer_kind(),
          pretrain_kind(),
          extend_kind(),
          sft_kind(),
          reward_model_kind(),
          rl_kind(),
          synth_kind(),
          review_kind(),
          evaluation_kind()};
}

}  // namespace rq::pipeline
