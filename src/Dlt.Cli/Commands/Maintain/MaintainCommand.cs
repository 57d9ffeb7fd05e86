using System.CommandLine;

namespace Dlt.Cli.Commands.Maintain;

/// <summary><c>dlt maintain</c>: removes what piles up in a dataset. Each command prints its plan first.</summary>
internal static class MaintainCommand
{
    public static Command Create() => new("maintain", "Keep a dataset clean and its tables small.")
    {
        CompactCommand.Create(),
        ExpireCommand.Create(),
        OrphansCommand.Create(),
        GlueVersionsCommand.Create(),
    };
}
