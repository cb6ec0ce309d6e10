using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DoSnapshot.Hosting.Configuration;

/// <summary>
/// Reads a section of the configuration into an object, strictly: a name that is no setting is a mistake, since a misspelt one would silently mean
/// the default, and a value that cannot be read is named with its setting. .NET's own binder does neither in words for people.
/// </summary>
public static class SettingsReader
{
    /// <summary>An object of this type with the section's settings; the defaults for what it does not say.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="section">Name of the section.</param>
    /// <param name="secrets">Settings whose values are never quoted.</param>
    /// <exception cref="OptionsValidationException">A name is unknown or a value cannot be read; there is a message for each.</exception>
    public static T Read<T>(IConfiguration configuration, string section, params IReadOnlyCollection<string> secrets)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var settings = new T();
        var properties = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null)
            .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var problems = new List<string>();
        foreach (var child in configuration.GetSection(section).GetChildren())
        {
            if (!properties.TryGetValue(child.Key, out var property))
            {
                problems.Add($"{section}:{child.Key} is no setting; there are {string.Join(", ", properties.Keys.Order(StringComparer.Ordinal))}.");
            }
            else if (child.Value is { } text && Set(settings, property, text) is { } wanted)
            {
                var quoted = secrets.Contains(property.Name, StringComparer.Ordinal) ? "" : $" '{text}'";
                problems.Add($"{section}:{property.Name}{quoted} cannot be used: {wanted} is wanted (environment: {section}__{property.Name}).");
            }
        }

        return problems.Count == 0 ? settings : throw new OptionsValidationException(section, typeof(T), problems);
    }

    /// <summary>Reads one of an enumeration's names, as people write them: <c>after-grace</c> for <c>AfterGrace</c>, in any case, with hyphens or without.</summary>
    public static bool TryParseChoice(Type enumeration, string text, [NotNullWhen(true)] out object? choice)
    {
        ArgumentNullException.ThrowIfNull(enumeration);
        ArgumentNullException.ThrowIfNull(text);
        var said = text.Trim().Replace("-", "", StringComparison.Ordinal);
        choice = Enum.GetNames(enumeration).FirstOrDefault(name => string.Equals(name, said, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Enum.Parse(enumeration, found)
            : null;
        return choice is not null;
    }

    /// <summary>An enumeration's names as people write them, for error messages.</summary>
    public static string Choices(Type enumeration)
    {
        ArgumentNullException.ThrowIfNull(enumeration);
        return string.Join(" or ", Enum.GetNames(enumeration).Select(JsonNamingPolicy.KebabCaseLower.ConvertName));
    }

    /// <summary>Sets one property; gives what would have been right when the text is not.</summary>
    private static string? Set(object settings, PropertyInfo property, string text)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        object? value;
        string wanted;
        if (type == typeof(string))
        {
            (value, wanted) = (text, "");
        }
        else if (type == typeof(TimeSpan))
        {
            (value, wanted) = (Duration.TryParse(text, out var duration) ? duration : null, Duration.Wanted);
        }
        else if (type == typeof(int))
        {
            (value, wanted) = (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null, "a whole number");
        }
        else if (type == typeof(bool))
        {
            (value, wanted) = (bool.TryParse(text, out var flag) ? flag : null, "true or false");
        }
        else if (type == typeof(Uri))
        {
            (value, wanted) = (Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null, "an address such as https://api.digitalocean.com");
        }
        else if (type.IsEnum)
        {
            value = TryParseChoice(type, text, out var choice) ? choice : null;
            wanted = Choices(type);
        }
        else
        {
            throw new NotSupportedException($"{property.DeclaringType?.Name}.{property.Name} is of a type that no setting has.");
        }

        if (value is null)
        {
            return wanted;
        }

        property.SetValue(settings, value);
        return null;
    }
}
