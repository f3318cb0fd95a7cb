#pragma once

namespace hone::binding {

/// Makes the calling thread, and threads it starts from now on, yield to the rest of the computer. Where the system
/// refuses, nothing changes.
void lower_thread_priority() noexcept;

}  // namespace hone::binding
