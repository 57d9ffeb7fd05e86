using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>
/// The argument <c>--wait</c> of a program, for the pipelines that run in its asynchronous flow. Two programs in one process do not share
/// it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ProgramWait
{
    private static readonly AsyncLocal<bool> Current = new();

    /// <summary>
    /// True: pipelines of this flow wait while another process or machine runs them, unless
    /// <see cref="PipelineOptions.WaitForLease"/> is false.
    /// </summary>
    public static bool IsAsked
    {
        get => Current.Value;
        set => Current.Value = value;
    }
}
