using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>One input of a load: a file, or a pipe that can be read only once.</summary>
/// <param name="Path">Full path of the file; <c>-</c> for standard input.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record FileInput(string Path)
{
    /// <summary>Name of the input in errors and rejected rows; the path by default.</summary>
    public string Name { get; init; } = Path;

    /// <summary>True for an input that is read once and copied, such as a pipe; false for a file, which is read in place.</summary>
    public bool IsPipe { get; init; }

    /// <summary>Opens a pipe without a path; null for one with a path. The call may wait for a writer.</summary>
    public Func<Stream>? Open { get; init; }

    /// <summary>The command line that loads the input, for errors that suggest a change to it; null in a program.</summary>
    public LoadingCommand? Command { get; init; }
}

/// <summary>The command line that loads a file, for messages that suggest a change to it.</summary>
/// <param name="Word">The file as the command line names it; its path if the command line has a pattern.</param>
/// <param name="With">Returns the command line with another word in place of the file, ready to paste.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LoadingCommand(string Word, Func<string, string> With);
