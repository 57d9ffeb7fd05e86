using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>
/// The arguments <c>--interval-start</c> and <c>--interval-end</c> of a program, for the pipelines that run in its asynchronous flow. Two
/// programs in one process do not share it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ProgramInterval
{
    private static readonly AsyncLocal<(string Start, string End)?> Flow = new();

    /// <summary>Start and end in ISO form; null when the arguments were not given.</summary>
    public static (string Start, string End)? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }
}
