namespace Dlt;

/// <summary>One of the inputs of a load: a file, or what is read only once, such as a pipe.</summary>
/// <param name="Path">The full path of the file; <c>-</c> for standard input.</param>
public sealed record FileInput(string Path)
{
    /// <summary>What errors and rejected rows call it; the path by default.</summary>
    public string Name { get; init; } = Path;

    /// <summary>True for what is read once and copied, such as a pipe; false for a file, which is read where it lies.</summary>
    public bool IsPipe { get; init; }

    /// <summary>Opens a pipe that has no path; null for one that has. The call may wait for a writer.</summary>
    public Func<Stream>? Open { get; init; }

    /// <summary>The command line that loads it, for errors that say how to change that; null in a program.</summary>
    public LoadingCommand? Command { get; init; }
}

/// <summary>The command line that loads a file, for messages that change it.</summary>
/// <param name="Word">The file as the command line names it; its path where that has a pattern.</param>
/// <param name="With">The command line with another word in place of that one, to paste.</param>
public sealed record LoadingCommand(string Word, Func<string, string> With);
