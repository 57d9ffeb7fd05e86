namespace Dlt.Cli.Commands.Pipelines;

/// <summary>
/// The pipeline of the command line has no working folder. The command exits with <see cref="ExitCode"/>, as that of dlt.
/// </summary>
internal sealed class UnknownPipelineException(string message) : DltException(message)
{
    /// <summary>Exit code, which a shell shows as 254.</summary>
    public const int ExitCode = -2;
}
