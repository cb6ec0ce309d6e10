using System.Globalization;
using System.Reflection;
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
            var names = Enum.GetNames(type);
            value = names.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, text.Trim(), ignoreCase: true) : null;
            wanted = string.Join(" or ", names);
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
