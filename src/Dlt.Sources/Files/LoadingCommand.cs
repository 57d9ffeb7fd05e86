namespace Dlt.Sources.Files;

/// <summary>The command line that loads a file, for messages that change it.</summary>
/// <param name="Word">The file as the command line names it; its path where that has a pattern.</param>
/// <param name="With">The command line with another word in place of that one, to paste.</param>
internal sealed record LoadingCommand(string Word, Func<string, string> With);
