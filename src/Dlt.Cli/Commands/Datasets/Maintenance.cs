namespace Dlt.Cli.Commands.Datasets;

/// <summary>Opens the destination for commands that work on whole datasets.</summary>
internal static class Maintenance
{
    /// <exception cref="DltException">A setting is missing, or the local account does not exist.</exception>
    public static AthenaMaintenance Open(bool isLocal, string? destination)
    {
        var configuration = DltConfiguration.Load();
        return AthenaMaintenance.Open(
            isLocal ? SharedOptions.ExistingLocal(configuration) : null, configuration, destination,
            warn: text => Console.Error.WriteLine($"Warning: {text}"));
    }
}
